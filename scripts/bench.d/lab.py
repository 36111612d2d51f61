"""redis-warden under systemd, installed from its package in a lab: what its unit and the bus make of the same faults."""

import contextlib
import os
import re
import signal
import time

import told
from programs import run
from rows import load
from subjects import cpu_ms, pss_mb, threads
from watcher import Watcher

POLL_MS = 2
PORT = 9180


class Lab:
    """A lab of its own, taken away again at the end."""

    def __init__(self, scripts, place):
        self.name = f"bench-{os.getpid()}"
        self.script = os.path.join(scripts, "lab")
        state = os.environ.get("LAB_STATE", "/var/lib/redis-warden-lab")
        # Programs of this machine, in the network of that one; the monotonic clock is the same in both.
        self.inside = ("nsenter", f"--net={state}/{self.name}/network")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        run(self.script, "down", "--name", self.name)

    def up(self):
        run(self.script, "up", "--name", self.name)

    def install(self, deb):
        run(self.script, "install", "--name", self.name, deb)

    def execute(self, *command):
        return run(self.script, "exec", "--name", self.name, "--", *command).strip()

    def show(self, unit, name):
        return self.execute("systemctl", "show", "--value", "--property", name, unit)

    def instant(self, unit, name):
        """A timestamp of the unit, in nanoseconds of the monotonic clock."""
        return 1000 * int(self.show(unit, f"{name}TimestampMonotonic"))

    def host_pid(self, unit):
        """The unit's process as this machine numbers it, by its control group."""
        group = re.compile(rf"/redis-warden-lab-{self.name}(-\d+\.scope)?/.*{unit}$", re.MULTILINE)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
                if group.search(file.read()):
                    return int(pid)
        raise SystemExit(f"bench: error: no process of {unit} in the lab")


def faults(bench, lab, watcher):
    """A killed Redis is restarted by systemd; a stopped one is started again here."""

    def timed(row, seen, since, after):
        at = watcher.first(seen, after, 20)
        bench.add(row, "redis-warden", None if at is None else max(0, at - since) / 1e6)

    watcher.settle("yes", 30)
    time.sleep(bench.rest)
    killed = time.monotonic_ns()
    os.kill(lab.host_pid("redis-server.service"), signal.SIGKILL)
    timed("lab_killed", "no", killed, killed)
    watcher.settle("yes", 30)
    time.sleep(bench.rest)
    asked = time.monotonic_ns()
    lab.execute("systemctl", "stop", "redis-server.service")
    timed("lab_stopped", "no", lab.instant("redis-server.service", "ActiveExit"), asked)
    time.sleep(2)
    asked = time.monotonic_ns()
    lab.execute("systemctl", "start", "redis-server.service")
    timed("lab_back", "yes", lab.instant("redis-server.service", "ActiveEnter"), asked)


def ready(bench, lab):
    lab.execute("systemctl", "restart", "redis-warden.service")
    began = lab.instant("redis-warden.service", "ExecMainStart")
    bench.add("lab_ready", "redis-warden", (lab.instant("redis-warden.service", "ActiveEnter") - began) / 1e6)


def footprint(bench, lab):
    pid = lab.host_pid("redis-warden.service")
    time.sleep(bench.rest)
    bench.add("lab_idle", "redis-warden", pss_mb(pid))
    load(PORT, ["/metrics"], bench.scrapes, 0, lab.inside).wait()
    bench.add("lab_scraped", "redis-warden", pss_mb(pid))
    bench.add("lab_threads", "redis-warden", threads(pid))


def at_rest(bench, lab):
    """As Prometheus has it, minute by minute, of an agent that has run for a while: Java's first minutes cost more."""
    pid = lab.host_pid("redis-warden.service")
    time.sleep(bench.settling)
    for _ in range(bench.runs):
        before, began = cpu_ms(pid), time.monotonic()
        for number in range(bench.cpu_seconds // 15):
            load(PORT, ["/metrics"], 1, 0, lab.inside).wait()
            time.sleep(began + 15 * (number + 1) - time.monotonic())
        bench.add("lab_cpu", "redis-warden", (cpu_ms(pid) - before) * 60 / (time.monotonic() - began))


def measure(bench, scripts, deb, alerting):
    with Lab(scripts, bench.place) as lab:
        bench.say(f"lab '{lab.name}': booting it, installing the package …")
        lab.up()  # within: what is half up when ^C comes is taken down too
        lab.install(deb)
        if bench.wants("lab"):
            alone(bench, lab)
        if bench.wants("told"):
            told.measure(bench, lab, deb, alerting)


def alone(bench, lab):
    for number in range(bench.runs):
        bench.say(f"lab: run {number + 1} of {bench.runs}")
        ready(bench, lab)
        footprint(bench, lab)
        with Watcher(PORT, "/health", POLL_MS, "HTTP/1.1 200", "HTTP/1.1 503", lab.inside) as watcher:
            faults(bench, lab, watcher)
    bench.say("lab: at rest")
    at_rest(bench, lab)
