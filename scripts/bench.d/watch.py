"""watch.py PORT PATH EVERY_MS YES NO: asks again and again, and prints each change of the answer with its time.

An answer that has YES in it is 'yes', one that has NO 'no', any other and none 'nothing'. The time is the monotonic
clock's in nanoseconds, which systemd's timestamps share; it is taken when the answer is there.
"""

import signal
import sys
import time

import http1


def look(connection, yes, no):
    try:
        answer = connection.get()
    except (OSError, ValueError):
        connection.close()
        return "nothing"
    return "yes" if yes in answer else "no" if no in answer else "nothing"


def main(port, path, every, yes, no):
    connection = http1.Connection(port, path, 60)
    last = None
    while True:
        started = time.monotonic()
        seen = look(connection, yes, no)
        now = time.monotonic_ns()
        if seen != last:
            last = seen
            print(seen, now, flush=True)
        time.sleep(max(0.0, started + every - time.monotonic()))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # on ^C the bench ends, and this with it; no traceback
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]) / 1e3, sys.argv[4].encode(), sys.argv[5].encode())
