"""The status page in a real browser, with a day of history; and what history and page cost in memory.

Two agents on one Redis, side by side: one keeps a history and is asked for its page, the other has nowhere to keep one and
is asked for its metrics alone.
"""

import contextlib
import http.server
import json
import math
import os
import random
import struct
import threading
import time
import urllib.request
import zlib

from rows import first_answer, load
from subjects import Process, Subject, free_port, pss_mb

STEP, SLOTS, HEADER = 10, 8640, 1024
VISITS = 30

# The browser's own clock, from the click on; then how soon the charts are drawn that a browser with JavaScript gets.
TIMES = """
const done = arguments[0];
(function wait() {
    const [page] = performance.getEntriesByType("navigation");
    if (!page.loadEventEnd || document.querySelector("figure[data-metric]:not(.drawn)")) { setTimeout(wait, 1); return; }
    const all = [page, ...performance.getEntriesByType("resource")];
    done({first: page.responseStart - page.requestStart, whole: page.loadEventEnd,
          drawn: performance.now(), bytes: all.reduce((sum, one) => sum + one.transferSize, 0)});
})();
"""


class Browser:
    """Debian's Chromium by its driver (https://www.w3.org/TR/webdriver2/), new and with nothing kept."""

    def __init__(self, driver):
        self.base = f"http://127.0.0.1:{driver}/session"
        options = {"binary": "/usr/bin/chromium",
                   "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}
        made = self._post("", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.session = f"/{made['sessionId']}"

    def visit(self, url):
        for command, what in (("Network.enable", {}), ("Network.setCacheDisabled", {"cacheDisabled": True})):
            self._post(f"{self.session}/goog/cdp/execute", {"cmd": command, "params": what})
        self._post(f"{self.session}/url", {"url": "about:blank"})
        self._post(f"{self.session}/url", {"url": url})
        return self._post(f"{self.session}/execute/async", {"script": TIMES, "args": []})

    def _post(self, path, what, method="POST"):
        asked = urllib.request.Request(self.base + path, json.dumps(what).encode(), method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)["value"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._post(self.session, {}, "DELETE")


class Nothing(http.server.BaseHTTPRequestHandler):
    """An empty page: what the browser takes for it is its own."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *_):
        pass


def measure(bench, launcher):
    with contextlib.ExitStack() as stack:
        driver = free_port()
        stack.enter_context(Process(["/usr/bin/chromedriver", f"--port={driver}"], os.path.join(bench.place, "driver.log")))
        empty = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing))
        threading.Thread(target=empty.serve_forever, daemon=True).start()
        for number in range(bench.runs):
            bench.say(f"run {number + 1} of {bench.runs}: page")
            with contextlib.ExitStack() as pair:
                whole, process = agent(bench, launcher, pair, number, True)
                bare, other = agent(bench, launcher, pair, number, False)
                time.sleep(bench.rest)
                bench.add("history_idle", "redis-warden", pss_mb(process.pid) - pss_mb(other.pid))
                for subject in (whole, bare):
                    load(subject.port, ["/metrics"], bench.warm, 0).wait()
                with Browser(driver) as browser:
                    for _ in range(VISITS):
                        times = browser.visit(f"http://localhost:{whole.port}/")
                        # A first visit is what a person makes; the agent's first answers are the start's to measure.
                        for row, key in (("page_first", "first"), ("page_whole", "whole"), ("page_drawn", "drawn")):
                            bench.add(row, "redis-warden", times[key])
                        bench.add("page_bytes", "redis-warden", times["bytes"] / 1e3)
                        floor = browser.visit(f"http://localhost:{empty.server_port}/")
                        bench.add("page_floor", "empty server", floor["first"])
                        bench.add("page_floor_whole", "empty server", floor["whole"])
                bench.add("history_seen", "redis-warden", pss_mb(process.pid) - pss_mb(other.pid))


def agent(bench, launcher, stack, number, keeps):
    port, name = free_port(), f"page-{number}-{'whole' if keeps else 'bare'}"
    toml = os.path.join(bench.place, f"{name}.toml")
    with open(toml, "w", encoding="utf-8") as file:
        file.write(f'[http]\nlisten = "127.0.0.1:{port}"\n\n'
                   f'[[redis]]\nurl = "redis://127.0.0.1:{bench.redis.port}"\nunit = "none"\n')
    subject = Subject(name, [launcher, "agent", "--config", toml], port, "/metrics", "/health", "HTTP/1.1 200")
    environment = dict(os.environ)
    if keeps:
        state = os.path.join(bench.place, name)
        os.makedirs(os.path.join(state, "history"))
        a_day(os.path.join(state, "history", "main-10s.ring"))
        environment["STATE_DIRECTORY"] = state
    process = stack.enter_context(Process(subject.command, os.path.join(bench.place, f"{name}.log"), env=environment))
    first_answer(subject, process)
    return subject, process


# In their order, as /history names them.
METRICS = ("ping_seconds ping_max_seconds ping_p99_seconds memory_used_bytes memory_rss_bytes memory_max_bytes clients"
           " commands_per_second evictions_per_second hit_rate queue_length queue_waiting health disk_free_bytes").split()


def a_day(path):
    """A ring file as the agent writes it (RingShape.java): a day in which each figure goes up and down."""
    text = (f"redis-warden history 1\nstep={STEP}\nslots={SLOTS}\nparts=1\nmetrics={','.join(METRICS)}\n").encode()
    header = text + bytes(HEADER - 4 - len(text))
    now = int(time.time()) // STEP
    records = {}
    for index in range(now - SLOTS + 1, now):
        wave = 1 + 0.5 * math.sin(index / 300) + 0.1 * random.random()
        record = struct.pack(">i14f", index, *(wave * size for size in (
            2e-4, 1e-3, 5e-4, 1e8, 1.2e8, 5e8, 20, 300, 0, 0.5, 10, 2, 0, 1e10)))
        records[index % SLOTS] = record + struct.pack(">I", zlib.crc32(record))
    with open(path, "wb") as file:
        file.write(header + struct.pack(">I", zlib.crc32(header)))
        for slot in range(SLOTS):
            file.write(records.get(slot, bytes(64)))
