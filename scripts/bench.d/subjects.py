"""The processes of the bench: Redis, and each program that watches it or is measured beside it."""

import os
import re
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TICKS_MS = 1000 / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Process:
    """A child that dies with the bench, and its figures from /proc."""

    def __init__(self, command, log, **options):
        with open(log, "ab") as out:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
        self.pid = self.child.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGCONT)
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
        self.child.wait()


def pss_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.MULTILINE)[1]) / 1024


def cpu_ms(pid):
    """User and system time, of ended threads too (proc(5), stat: fields 14 and 15)."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICKS_MS


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


class Redis:
    """One redis-server on a free port, without persistence, that can be killed, stopped and started again."""

    def __init__(self, place, name="redis"):
        self.place, self.name, self.port, self.process = place, name, free_port(), None
        self.pid_file = os.path.join(place, f"{name}.pid")

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                   "--dir", self.place, "--pidfile", self.pid_file]
        # Debian's redis-tools has the server too, under the name of its checker; the package redis-server has the link.
        self.process = Process(command, os.path.join(self.place, f"{self.name}.log"), executable="/usr/bin/redis-check-rdb")
        with open(self.pid_file, "w", encoding="ascii") as file:
            file.write(f"{self.process.pid}\n")
        while True:
            try:
                if self.ask("PING").startswith("+PONG"):
                    return time.monotonic_ns()
            except OSError:
                if self.process.child.poll() is not None:
                    raise SystemExit("bench: error: redis-server does not start, see its log") from None
            time.sleep(0.001)

    def ask(self, *words):
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall((" ".join(words) + "\r\nQUIT\r\n").encode())
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return answer.decode()

    def commands(self):
        """All commands that it has carried out, those of the bench itself (INFO, QUIT) apart."""
        return sum(int(calls) for name, calls in re.findall(r"cmdstat_(\S+?):calls=(\d+)", self.ask("INFO", "commandstats"))
                   if name != "quit")

    def signal(self, number):
        os.kill(self.process.pid, number)
        return time.monotonic_ns()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.__exit__()


class Subject:
    """A program under measurement: how it is started, which page is scraped, and what tells up from down on which."""

    def __init__(self, name, command, port, page, status, up, down=None):
        self.name, self.command, self.port = name, command, port
        self.page, self.status, self.up, self.down = page, status, up, down

    def start(self, place):
        return Process(self.command, os.path.join(place, f"{self.name}.log"), cwd=place)


def subjects(place, launcher, peers, redis):
    """Each with the configuration that its own manual begins with, on the same Redis."""
    ports = [free_port() for _ in range(4)]
    toml = os.path.join(place, "warden.toml")
    with open(toml, "w", encoding="utf-8") as file:
        # No unit: this Redis is nobody's service. What systemd adds is measured in the lab.
        file.write(f'[http]\nlisten = "127.0.0.1:{ports[0]}"\n\n'
                   f'[[redis]]\nurl = "redis://127.0.0.1:{redis.port}"\nunit = "none"\n')
    monitrc = os.path.join(place, "monitrc")
    with open(os.open(monitrc, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(f"set daemon 1\nset idfile {place}/monit.id\nset statefile {place}/monit.state\n"
                   f"set pidfile {place}/monit.pid\n"
                   f"set httpd port {ports[3]} and use address 127.0.0.1 allow 127.0.0.1\n"
                   f"check process redis with pidfile {redis.pid_file}\n"
                   f"    if failed host 127.0.0.1 port {redis.port} protocol redis then alert\n")
    return [
        Subject("redis-warden", [launcher, "agent", "--config", toml], ports[0],
                "/metrics", "/health", "HTTP/1.1 200", "HTTP/1.1 503"),
        Subject("redis_exporter", [f"{peers}/prometheus-redis-exporter", f"-redis.addr=redis://127.0.0.1:{redis.port}",
                                   f"-web.listen-address=127.0.0.1:{ports[1]}"], ports[1],
                "/metrics", "/metrics", "redis_up 1", "redis_up 0"),
        Subject("node_exporter", [f"{peers}/prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{ports[2]}"],
                ports[2], "/metrics", "/metrics", "node_load1 "),
        # Its status page tells by colour: green, red.
        Subject("Monit", [f"{peers}/monit", "-I", "-c", monitrc], ports[3],
                "/", "/_status?format=text&service=redis", "[0;92mOK", "[0;91m"),
    ]
