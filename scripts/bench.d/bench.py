"""Runs the measurements in turn, run by run, so that what disturbs the machine disturbs every row; prints the table."""

import argparse
import collections
import contextlib
import os
import signal
import sys
import tempfile
import time

import lab
import many
import page
import programs
import rows
import subjects
import table

SCRIPTS = os.path.dirname(subjects.HERE)
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ROWS = ("start", "footprint", "cpu", "latency", "commands", "faults", "many", "page", "lab", "told")
IN_A_LAB = {"lab", "told"}


class Bench:
    """The settings of this bench, what it runs on, and the figures so far: row, subject, one figure a run."""

    def __init__(self, options, place):
        self.place = place
        self.only = options.only
        self.runs = options.runs or (2 if options.quick else 5)
        self.rest = 3 if options.quick else 10
        self.scrapes = 1_000 if options.quick else 10_000
        self.warm = 500 if options.quick else 2_000
        self.paced = 300 if options.quick else 1_000
        self.rounds = 5 if options.quick else 20
        self.settling = 15 if options.quick else 300
        self.cpu_seconds = 15 if options.quick else 60
        self.figures = collections.defaultdict(lambda: collections.defaultdict(list))

    def wants(self, *names):
        return any(name in self.only for name in names)

    def add(self, row, subject, figure):
        self.figures[row][subject].append(figure)

    @staticmethod
    def say(text):
        print(f"bench: {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure_here(bench, launcher, peers):
    with subjects.Redis(bench.place) as bench.redis:
        bench.subjects = subjects.subjects(bench.place, launcher, peers, bench.redis)
        for number in range(bench.runs):
            for name, measure in (("start", rows.start), ("footprint", rows.footprint), ("latency", rows.latency),
                                  ("faults", rows.faults)):
                if bench.wants(name, *(("cpu",) if name == "footprint" else ())):
                    bench.say(f"run {number + 1} of {bench.runs}: {name}")
                    measure(bench)
        if bench.wants("commands"):
            bench.say("commands sent to Redis")
            rows.commands(bench)
        if bench.wants("page"):
            page.measure(bench, launcher)
    if bench.wants("many"):
        many.measure(bench, launcher, peers)


def options():
    parser = argparse.ArgumentParser(prog="bench", add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, metavar="N")
    parser.add_argument("--format", choices=("text", "markdown"), default="text")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(ROWS), metavar="ROW[,ROW…]")
    parser.add_argument("--deb", metavar="FILE")
    parser.add_argument("--no-lab", action="store_true")
    parsed = parser.parse_args()
    if unknown := set(parsed.only) - set(ROWS):
        parser.error(f"--only: no such row: {', '.join(sorted(unknown))}; there are: {' '.join(ROWS)}")
    if parsed.no_lab:
        parsed.only = [name for name in parsed.only if name not in IN_A_LAB]
    return parsed


def end(number, _):
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    Bench.say("ending what was started …")
    sys.exit(128 + number)


def main():
    chosen = options()
    # As an exception, once: whatever is started is ended, whatever is made is taken away, and that is not interrupted.
    for number in ENDING:
        signal.signal(number, end)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="redis-warden-bench-"))
        bench = Bench(chosen, place)
        began = table.conditions()
        deb = chosen.deb or programs.find_deb(SCRIPTS, bench.say)
        launcher, version = programs.unpack_warden(deb, place, bench.say)
        versions = {"redis-warden": version}
        if set(bench.only) - IN_A_LAB:
            peers, of_peers = programs.unpack(place, programs.PEERS, bench.say)
            versions |= of_peers
            measure_here(bench, launcher, peers)
        if bench.wants(*IN_A_LAB):
            if bench.wants("told"):
                alerting, of_alerting = programs.unpack(place, programs.ALERTING, bench.say)
                versions |= of_alerting
            lab.measure(bench, SCRIPTS, os.path.abspath(deb), alerting if bench.wants("told") else None)
        print(table.render(bench, chosen.format, began, versions))


if __name__ == "__main__":
    main()
