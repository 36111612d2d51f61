"""Renders the figures: one table, what it was measured on, and what a reader must know to read it."""

import os
import statistics
import subprocess
import time

COLUMNS = ("redis-warden", "redis_exporter", "node_exporter", "Monit")

# Row, what it says, how it is printed, and the most it may be for redis-warden.
ROWS = (
    ("start", "start → first answer, ms", "{:.0f}", None),
    ("idle", "PSS at rest, MB", "{:.1f}", None),
    ("scraped", "PSS after {scrapes:,} scrapes, MB", "{:.1f}", None),
    ("threads", "threads", "{:.0f}", None),
    ("cpu", "CPU, scraped every 15 s, ms a minute", "{:.0f}", 180),
    ("page_p50", "scrape at 100 a second, p50, ms", "{:.2f}", None),
    ("page_p99", "scrape at 100 a second, p99, ms", "{:.2f}", 2),
    ("page_cpu", "scrape at 100 a second, CPU for each, ms", "{:.2f}", None),
    ("health_p50", "/health at 100 a second, p50, ms", "{:.2f}", None),
    ("health_p99", "/health at 100 a second, p99, ms", "{:.2f}", 2),
    ("many_page_p50", "50 servers: scrape at 100 a second (redis_exporter: one of the servers), p50, ms", "{:.2f}", None),
    ("many_page_p99", "50 servers: scrape at 100 a second (redis_exporter: one of the servers), p99, ms", "{:.2f}", 10),
    ("many_page_cpu", "50 servers: the same, CPU for each, ms", "{:.2f}", None),
    ("many_round_p50", "50 servers: all that is known of them, p50, ms", "{:.1f}", None),
    ("page_first", "page in Chromium: first byte, ms", "{:.1f}", 5),
    ("page_whole", "page in Chromium: loaded, ms", "{:.0f}", 300),
    ("page_drawn", "page in Chromium: its charts drawn by JavaScript, ms", "{:.0f}", None),
    ("page_bytes", "page in Chromium: transferred, kB", "{:.0f}", 150),
    ("history_idle", "PSS at rest for history and page, MB", "{:.1f}", 6),
    ("history_seen", "PSS for history and page, after 30 visits of a browser, MB", "{:.1f}", 6),
    ("commands", "commands to Redis a minute", "{:.0f}", None),
    ("killed", "Redis killed → first answer that says so, ms", "{:,.0f}", None),
    ("back", "Redis back → first answer that says so, ms", "{:,.0f}", 250),
    ("hung", "Redis hung (SIGSTOP) → first answer that says so, ms", "{:,.0f}", 5000),
    ("continued", "Redis runs on (SIGCONT) → first answer that says so, ms", "{:,.0f}", None),
    ("lab_ready", "systemd: start → READY=1 with a complete report, ms", "{:.0f}", 600),
    ("lab_killed", "systemd: Redis killed → 503, ms", "{:.0f}", 100),
    ("lab_stopped", "systemd: Redis stopped → 503, ms", "{:.0f}", 100),
    ("lab_back", "systemd: Redis ready again → 200, ms", "{:.0f}", 250),
    ("lab_idle", "systemd: PSS at rest, MB", "{:.1f}", None),
    ("lab_scraped", "systemd: PSS after {scrapes:,} scrapes, MB", "{:.1f}", 76),
    ("lab_threads", "systemd: threads", "{:.0f}", None),
    ("lab_cpu", "systemd: CPU after five minutes, scraped every 15 s, ms a minute", "{:.0f}", 180),
    ("told_hook", "systemd: Redis killed for good → web hook called, ms", "{:,.0f}", 1000),
    ("told_alert", "systemd: Redis killed for good → Alertmanager has it, s", "{:.1f}", 30),
)

NOTES = (
    "A scrape is each program's own page: /metrics, Monit's status page (which closes its connection every time).",
    "Latency counts from when a request was due, in the client, after {warm:,} requests to warm up; an empty server in Python took"
    " {floor_p50} ms (p50) and {floor_p99} ms (p99) in the same run, which is the client's own share.",
    "redis_exporter asks Redis when it is scraped: its answers to faults are those of a scrape every 10 ms. Prometheus,"
    " with a scrape every 15 s, learns of them up to 15 s later; it gives up on a scrape after 10 s, while that of a"
    " hung Redis takes redis_exporter 15 s.",
    "The page is visited with nothing kept from before; for an empty page the browser itself took {page_floor} ms to the first"
    " byte and {page_floor_whole} ms in all.",
    "In the rows without “systemd” redis-warden has no unit to watch: it learns of faults by asking alone.",
)


def cell(figures, form):
    """The median, with the best and the worst behind it."""
    if not figures:
        return "–"
    if None in figures:
        return f"never, in {figures.count(None)} of {len(figures)}"
    low, middle, high = (form.format(f(figures)) for f in (min, statistics.median, max))
    return middle if low == high else f"{middle} ({low}–{high})"


def render(bench, form, began, versions):
    columns = [c for c in COLUMNS if any(c in of for of in bench.figures.values())]
    lines = [["", *columns, "at most"]]
    for row, label, figure, most in ROWS:
        if row in bench.figures:
            of = bench.figures[row]
            lines.append([label.format(scrapes=bench.scrapes), *(cell(of.get(c), figure) for c in columns),
                          f"{most:,}" if most else ""])
    ends = (f"Measured {began}.", f"Medians of {bench.runs} (best–worst). Versions: "
            + ", ".join(f"{name} {version}" for name, version in sorted((versions | {'redis': redis()}).items())) + ".",
            *(notes(bench)))
    body = markdown(lines) if form == "markdown" else text(lines)
    return body + "\n\n" + "\n".join(f"- {end}" if form == "markdown" else end for end in ends)


def notes(bench):
    floor = {key: cell(bench.figures[key].get("empty server"), "{:.2f}") for key in
             ("floor_p50", "floor_p99", "page_floor", "page_floor_whole")}
    shown = [bool(bench.figures["page_p50"]), bool(bench.figures["floor_p50"]), bool(bench.figures["killed"]),
             bool(bench.figures["page_first"]), True]
    return [note.format(**floor, warm=bench.warm) for note, wanted in zip(NOTES, shown) if wanted]


def text(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(c.ljust(w) if not n else c.rjust(w) for n, (c, w) in enumerate(zip(line, widths)))
                     for line in lines)


def markdown(lines):
    head, *rest = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([head, "|---" + "|---:" * (len(lines[0]) - 1) + "|", *rest])


def conditions():
    """Date, processor, memory, kernel, distribution, and how busy the machine was before."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith(("model name", "Model"))]
    with open("/etc/os-release", encoding="utf-8") as file:
        system = next(line.partition("=")[2].strip().strip('"') for line in file if line.startswith("PRETTY_NAME="))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    load = os.getloadavg()[0]
    busy = ", so busy with other work that times and CPU are larger than at rest" if load > os.cpu_count() / 2 else ""
    return (f"{time.strftime('%Y-%m-%d')} on {os.cpu_count()} × {models[0] if models else os.uname().machine},"
            f" {memory:.0f} GiB, Linux {os.uname().release}, {system}; load average before: {load:.1f}{busy}")


def redis():
    version = subprocess.run(("redis-cli", "--version"), capture_output=True, text=True, check=True).stdout
    return version.split()[1]
