"""Waits for what watch.py sees, with a deadline."""

import os
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Watcher:
    """Follows one page in a process of its own; `prefix` puts that into a lab's network."""

    def __init__(self, port, path, every_ms, yes, no, prefix=()):
        self.changes, self.changed = [("nothing", 0)], threading.Condition()
        command = [*prefix, sys.executable, "-B", os.path.join(HERE, "watch.py"), str(port), path, str(every_ms), yes, no]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        for line in self.child.stdout:
            seen, at = line.split()
            with self.changed:
                self.changes.append((seen, int(at)))
                self.changed.notify_all()

    def first(self, seen, since, seconds):
        """When the answer was first `seen` after the instant `since`, or None where it was not within the time."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for state, at in self.changes:
                    if state == seen and at >= since:
                        return at
                if not self.changed.wait(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    return None

    def settle(self, seen, seconds):
        """Waits until the answer is `seen` now."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while self.changes[-1][0] != seen:
                if not self.changed.wait(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise SystemExit(f"bench: error: never saw '{seen}', but {self.changes[-5:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
