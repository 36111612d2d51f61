"""The measurements on this machine, one function a run; each adds its figures to the results under row and subject."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import http1
from subjects import HERE, Process, cpu_ms, free_port, pss_mb, threads
from watcher import Watcher

FAULT_POLL_MS = 10


def first_answer(subject, process):
    """Asks until the answer says that Redis is up; when that was."""
    connection = http1.Connection(subject.port, subject.status, 30)
    while True:
        try:
            if subject.up.encode() in connection.get():
                return time.monotonic_ns()
        except (OSError, ValueError):
            connection.close()
        if process.child.poll() is not None:
            raise SystemExit(f"bench: error: {subject.name} ended with exit code {process.child.returncode}")
        time.sleep(0.001)


def start(bench):
    for subject in bench.subjects:
        began = time.monotonic_ns()
        with subject.start(bench.place) as process:
            bench.add("start", subject.name, (first_answer(subject, process) - began) / 1e6)


def load(port, paths, count, rate, prefix=()):
    command = [*prefix, sys.executable, "-B", os.path.join(HERE, "load.py"), str(port), " ".join(paths), str(count),
               str(rate)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def footprint(bench):
    """All side by side: memory at rest, then many scrapes, memory again, then CPU as Prometheus would have it."""
    with running(bench) as processes:
        time.sleep(bench.rest)
        for subject, process in processes:
            bench.add("idle", subject.name, pss_mb(process.pid))
        for done in [load(subject.port, [subject.page], bench.scrapes, 0) for subject in bench.subjects]:
            done.wait()
        for subject, process in processes:
            bench.add("scraped", subject.name, pss_mb(process.pid))
            bench.add("threads", subject.name, threads(process.pid))
        if bench.wants("cpu"):
            time.sleep(bench.rest)
            cpu(bench, processes)


def cpu(bench, processes):
    before = {subject.name: cpu_ms(process.pid) for subject, process in processes}
    began = time.monotonic()
    for number in range(bench.cpu_seconds // 15):
        for subject in bench.subjects:
            # Prometheus would keep the connection; at four scrapes a minute that is no difference.
            connection = http1.Connection(subject.port, subject.page, 30)
            connection.get()
            connection.close()
        time.sleep(began + 15 * (number + 1) - time.monotonic())
    for subject, process in processes:
        spent = cpu_ms(process.pid) - before[subject.name]
        bench.add("cpu", subject.name, spent * 60 / (time.monotonic() - began))


@contextlib.contextmanager
def running(bench):
    """All subjects, each with Redis in view."""
    with contextlib.ExitStack() as stack:
        processes = [(subject, stack.enter_context(subject.start(bench.place))) for subject in bench.subjects]
        for subject, process in processes:
            first_answer(subject, process)
        yield processes


def latency(bench):
    """One at a time, all of them running, the load generator's own answer time first."""
    port = free_port()
    with running(bench) as processes, Process([sys.executable, "-B", os.path.join(HERE, "empty.py"), str(port)],
                                 os.path.join(bench.place, "empty.log")):
        time.sleep(1)
        pids = {subject.name: process.pid for subject, process in processes}
        pages = [("page", subject.name, subject.port, subject.page) for subject in bench.subjects]
        pages.append(("health", bench.subjects[0].name, bench.subjects[0].port, "/health"))
        pages.append(("floor", "empty server", port, "/"))
        for row, name, port, path in pages:
            load(port, [path], bench.warm, 0).wait()
            before = cpu_ms(pids.get(name, os.getpid()))
            figures = json.loads(load(port, [path], bench.paced, 100).communicate()[0])
            if figures["bad"]:
                raise SystemExit(f"bench: error: {name} answered {figures['bad']} of {bench.paced} requests with no 200")
            if name in pids:
                bench.add(f"{row}_cpu", name, (cpu_ms(pids[name]) - before) / bench.paced)
            bench.add(f"{row}_p50", name, figures["p50"])
            bench.add(f"{row}_p99", name, figures["p99"])


def commands(bench):
    """One at a time, so that every command is its own; scraped as by Prometheus. Counts hardly vary: one run."""
    for subject in (s for s in bench.subjects if s.down):
        with subject.start(bench.place) as process:
            first_answer(subject, process)
            time.sleep(5)
            before = bench.redis.commands()
            began = time.monotonic()
            for number in range(bench.cpu_seconds // 15):
                http1.Connection(subject.port, subject.page, 30).get()
                time.sleep(began + 15 * (number + 1) - time.monotonic())
            # The INFO that read the first count is in the second.
            sent = bench.redis.commands() - before - 1
            bench.add("commands", subject.name, sent * 60 / (time.monotonic() - began))


def faults(bench):
    """One Redis, one fault, all who watch it asked every few milliseconds."""
    watching = [subject for subject in bench.subjects if subject.down]
    with running(bench), contextlib.ExitStack() as stack:
        watchers = {subject.name: stack.enter_context(
            Watcher(subject.port, subject.status, FAULT_POLL_MS, subject.up, subject.down)) for subject in watching}

        def timed(row, seen, since, seconds):
            for name, watcher in watchers.items():
                at = watcher.first(seen, since, seconds)
                bench.add(row, name, None if at is None else (at - since) / 1e6)

        def settle():
            for watcher in watchers.values():
                watcher.settle("yes", 60)
            time.sleep(bench.rest)

        settle()
        timed("killed", "no", bench.redis.signal(signal.SIGKILL), 30)
        bench.redis.process.child.wait()
        time.sleep(2)
        timed("back", "yes", bench.redis.start(), 30)
        settle()
        timed("hung", "no", bench.redis.signal(signal.SIGSTOP), 40)
        timed("continued", "yes", bench.redis.signal(signal.SIGCONT), 30)
