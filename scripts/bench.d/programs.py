"""Where the measured programs come from: apt's packages and our own, unpacked into a directory that ends with the bench.

Unpacked, not installed: a package that is installed starts its service, or replaces one that runs.
"""

import glob
import os
import subprocess

PEERS = ("prometheus-redis-exporter", "prometheus-node-exporter", "monit")
ALERTING = ("prometheus", "prometheus-alertmanager")


def run(*command, **options):
    """Runs to the end, quietly; what it printed on standard output, or an exception that has what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise SystemExit(f"bench: error: {' '.join(command)}: exit code {done.returncode}\n{last}")
    return done.stdout


def unpack(place, packages, say):
    """Downloads packages with apt; returns the directory of their programs, and their versions by package."""
    say(f"getting {', '.join(packages)} from apt …")
    debs = os.path.join(place, f"debs-{packages[0]}")
    os.mkdir(debs)
    # As root throughout: apt's own user may not write below a private directory.
    get = ("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", *packages)
    if subprocess.run(get, cwd=debs, stdin=subprocess.DEVNULL, capture_output=True).returncode:
        subprocess.run(("apt-get", "-q", "update"), stdin=subprocess.DEVNULL, capture_output=True)
        run(*get, cwd=debs)
    versions = {}
    for deb in glob.glob(os.path.join(debs, "*.deb")):
        run("dpkg-deb", "--extract", deb, os.path.join(place, "peers"))
        versions[run("dpkg-deb", "--field", deb, "Package").strip()] = run("dpkg-deb", "--field", deb, "Version").strip()
    return os.path.join(place, "peers", "usr", "bin"), versions


def find_deb(scripts, say):
    """The newest package that was built here; built where there is none."""
    machine = run("dpkg", "--print-architecture").strip()
    built = glob.glob(os.path.join(scripts, "..", "packaging", "target", "**", f"*_{machine}.deb"), recursive=True)
    if built:
        return max(built, key=os.path.getmtime)
    say("building the package …")
    return run(os.path.join(scripts, "package")).strip().splitlines()[-1]


def unpack_warden(deb, place, say):
    """Unpacks the package as it would be installed, its class-data archive made as on installing; its launcher."""
    say(f"unpacking {os.path.basename(deb)}, making its class-data archive …")
    root = os.path.join(place, "warden")
    run("dpkg-deb", "--extract", deb, root)
    launcher = os.path.join(root, "usr/bin/redis-warden")
    archiver = os.path.join(root, "usr/share/redis-warden/archive-classes")
    for path in (launcher, archiver, os.path.join(root, "usr/share/redis-warden/jvm.options")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for installed in ("/usr/lib/redis-warden", "/usr/share/redis-warden", "/var/cache/redis-warden"):
            text = text.replace(installed, root + installed)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    run(archiver)
    return launcher, run("dpkg-deb", "--field", deb, "Version").strip()
