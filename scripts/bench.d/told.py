"""From the death of a Redis that nobody brings back to who is told: a web hook, and Alertmanager by a Prometheus.

All in the lab's network: Debian's Prometheus with the package's rules at intervals of 5 s, and a receiver of our own.
"""

import contextlib
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request

from subjects import HERE, Process

HOOK, PROMETHEUS, ALERTMANAGER = 8099, 9090, 9093
DROP_IN = "/run/systemd/system/redis-server.service.d/bench.conf"
TOML = "/etc/redis-warden/redis-warden.toml"


def measure(bench, lab, deb, programs):
    place = os.path.join(bench.place, "told")
    os.mkdir(place)
    lab.execute("sh", "-c", f"printf '[[notify]]\\nname = \"bench\"\\nkind = \"webhook\"\\nurl = \"http://127.0.0.1:{HOOK}/\"\\n'"
                            f" >{TOML}; systemctl reload redis-warden")
    with contextlib.ExitStack() as stack:
        for command in prometheus(place, deb, programs):
            stack.enter_context(Process([*lab.inside, *command], os.path.join(place, "prometheus.log"), cwd=place))
        listener = stack.enter_context(Listener(lab.inside))
        listener.wait("firing", lambda line: line.startswith("alert Watchdog"), 120)
        for number in range(bench.runs):
            bench.say(f"told: run {number + 1} of {bench.runs}")
            time.sleep(bench.rest)
            lab.execute("sh", "-c", f"mkdir -p {os.path.dirname(DROP_IN)}; printf '[Service]\\nType=simple\\nRestart=no\\n"
                                    f"ExecStart=\\nExecStart=/bin/false\\n' >{DROP_IN}; systemctl daemon-reload")
            killed = time.monotonic_ns()
            os.kill(lab.host_pid("redis-server.service"), signal.SIGKILL)
            bench.add("told_hook", "redis-warden", listener.since(killed, "hook ping unhealthy", 30))
            alerted = listener.since(killed, "alert RedisDown", 90)
            bench.add("told_alert", "redis-warden", alerted and alerted / 1e3)
            lab.execute("sh", "-c", f"rm {DROP_IN}; systemctl daemon-reload; systemctl reset-failed redis-server;"
                                    " systemctl start redis-server")
            mended = time.monotonic_ns()
            listener.since(mended, "hook ping ok", 60)
            listener.since(mended, "gone RedisDown", 120)


def prometheus(place, deb, programs):
    """The commands of both, by what the package has for them."""
    subprocess.run(("dpkg-deb", "--extract", deb, os.path.join(place, "package")), check=True)
    ours = os.path.join(place, "package/usr/share/redis-warden/prometheus")
    config = {"global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
              "rule_files": [f"{ours}/redis-warden.rules.yml"],
              "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{ALERTMANAGER}"]}]}]},
              "scrape_configs": [{"job_name": "redis-warden", "static_configs": [{"targets": ["127.0.0.1:9180"]}]}]}
    with open(os.path.join(place, "prometheus.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)  # which is YAML as well
    return ((f"{programs}/prometheus", "--config.file=prometheus.json", f"--web.listen-address=127.0.0.1:{PROMETHEUS}",
             f"--storage.tsdb.path={place}/data"),
            (f"{programs}/prometheus-alertmanager", f"--config.file={ours}/alertmanager.yml.example",
             f"--storage.path={place}/alerts", f"--web.listen-address=127.0.0.1:{ALERTMANAGER}",
             "--cluster.listen-address="))


class Listener:
    """Follows, from a process in the lab's network, what the web hook is told and which alerts Alertmanager has."""

    def __init__(self, inside):
        self.lines, self.more = [], threading.Condition()
        command = [*inside, sys.executable, "-B", os.path.join(HERE, "told.py")]
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        for line in self.child.stdout:
            at, _, text = line.strip().partition(" ")
            with self.more:
                self.lines.append((int(at), text))
                self.more.notify_all()

    def since(self, instant, text, seconds):
        """Milliseconds until the line came, or None."""
        at = self._first(lambda when, line: when >= instant and line == text, seconds)
        return at and (at - instant) / 1e6

    def wait(self, what, wanted, seconds):
        if self._first(lambda _, line: wanted(line), seconds) is None:
            raise SystemExit(f"bench: error: nothing is {what}: {self.lines[-5:]}")

    def _first(self, wanted, seconds):
        deadline = time.monotonic() + seconds
        with self.more:
            while True:
                for at, line in self.lines:
                    if wanted(at, line):
                        return at
                if not self.more.wait(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()


def tell(text):
    print(time.monotonic_ns(), text, flush=True)


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        for change in json.loads(self.rfile.read(int(self.headers["Content-Length"])))["changes"]:
            tell(f"hook {change['check']} {change['to']}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def follow_alerts():
    known = set()
    while True:
        with contextlib.suppress(OSError, ValueError):
            with urllib.request.urlopen(f"http://127.0.0.1:{ALERTMANAGER}/api/v2/alerts", timeout=5) as answer:
                now = {alert["labels"]["alertname"] for alert in json.load(answer)}
            for name in now - known:
                tell(f"alert {name}")
            for name in known - now:
                tell(f"gone {name}")
            known = now
        time.sleep(0.05)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # on ^C the bench ends, and this with it; no traceback
    threading.Thread(target=follow_alerts, daemon=True).start()
    http.server.HTTPServer(("127.0.0.1", HOOK), Hook).serve_forever()
