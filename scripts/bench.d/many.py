"""A scrape of a host with many servers: redis-warden tells of all of them at once, redis_exporter of one for each request."""

import contextlib
import json
import os

from rows import first_answer, load
from subjects import Redis, Subject, cpu_ms, free_port

SERVERS = 50


def measure(bench, launcher, peers):
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Redis(bench.place, f"many-{number}")) for number in range(SERVERS)]
        warden, exporter = subjects(bench.place, launcher, peers, servers)
        for subject in (warden, exporter):
            subject.process = stack.enter_context(subject.start(bench.place))
            first_answer(subject, subject.process)
        each = [f"/scrape?target=redis://127.0.0.1:{server.port}" for server in servers]
        # One of its scrapes is one server's; a round of all of them is what Prometheus takes to know as much.
        wanted = ((warden, "many_page", 100, [warden.page]), (exporter, "many_page", 100, each[:1]),
                  (warden, "many_round", 1, [warden.page]), (exporter, "many_round", 1, each))
        for number in range(bench.runs):
            bench.say(f"run {number + 1} of {bench.runs}: {SERVERS} servers")
            for subject, row, rate, paths in wanted:
                load(subject.port, paths, bench.warm // (10 * len(paths)), 0).wait()
                count = bench.paced if rate == 100 else bench.rounds
                before = cpu_ms(subject.process.pid)
                figures = json.loads(load(subject.port, paths, count, rate).communicate()[0])
                if figures["bad"]:
                    raise SystemExit(f"bench: error: {subject.name} answered {figures['bad']} requests with no 200")
                bench.add(f"{row}_cpu", subject.name, (cpu_ms(subject.process.pid) - before) / count)
                bench.add(f"{row}_p50", subject.name, figures["p50"])
                bench.add(f"{row}_p99", subject.name, figures["p99"])


def subjects(place, launcher, peers, servers):
    ports = [free_port(), free_port()]
    toml = os.path.join(place, "many.toml")
    with open(toml, "w", encoding="utf-8") as file:
        file.write(f'[http]\nlisten = "127.0.0.1:{ports[0]}"\n')
        for number, server in enumerate(servers):
            file.write(f'\n[[redis]]\nname = "r{number}"\nurl = "redis://127.0.0.1:{server.port}"\nunit = "none"\n')
    return (Subject("redis-warden", [launcher, "agent", "--config", toml], ports[0], "/metrics", "/health", "HTTP/1.1 200"),
            Subject("redis_exporter", [f"{peers}/prometheus-redis-exporter", "-redis.addr=",
                                       f"-web.listen-address=127.0.0.1:{ports[1]}"], ports[1],
                    "/metrics", "/metrics", "redis_exporter_build_info"))
