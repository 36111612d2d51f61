"""load.py PORT PATHS COUNT RATE: sends COUNT requests and prints their latencies as JSON, in milliseconds.

At RATE requests a second (0: one right after the other) a request is due whether or not the one before was answered,
and its latency counts from when it was due: a server that stalls is charged for every request that it kept waiting.
PATHS are one, or several with a blank between them: asked in turn, all of them are one request.
A process of its own, so that no other thread of the bench delays it.
"""

import gc
import json
import signal
import sys
import time

import http1


def main(port, paths, count, rate):
    gc.disable()
    connection = http1.Connection(port, paths[0], 30)
    for _ in range(20 if rate > 1 else 0):
        connection.get()
    latencies = []
    bad = 0
    start = time.perf_counter() + 0.05
    for number in range(count):
        due = start + number / rate if rate else time.perf_counter()
        # Sleeping is late by as much as an answer takes, so the last of the wait is spent awake.
        if (left := due - time.perf_counter() - 0.0005) > 0:
            time.sleep(left)
        while time.perf_counter() < due:
            pass
        status = {connection.get(path)[9:12] for path in paths}
        latencies.append(time.perf_counter() - due)
        bad += status != {b"200"}
    latencies.sort()
    print(json.dumps({
        "p50": 1e3 * latencies[count // 2],
        "p99": 1e3 * latencies[min(count - 1, count * 99 // 100)],
        "bad": bad,
    }))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # on ^C the bench ends, and this with it; no traceback
    main(int(sys.argv[1]), sys.argv[2].split(), int(sys.argv[3]), float(sys.argv[4]))
