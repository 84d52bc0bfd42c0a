# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernels of the lab's own, built from the distribution's source package.

The source and the objects stay in the build directory, so that a build that was interrupted goes on where it was and
a changed option costs seconds. A kernel appears in its place by a rename, when it is complete.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import kernelconfig
import kernelimage
from kernelimage import LabError

SOURCE_PACKAGE = "linux-source-6.12"
TOOLS = ("make", "gcc", "ld", "flex", "bison", "bc", "perl", "pahole", "xz", "depmod", "openssl")
LINES_OF_A_FAILURE = 20


def require_tools():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise LabError(f"missing on this host: {', '.join(missing)}; tools/setup lab-kernels installs them")


def ensure(flavour, build):
    """Build it unless it is there, of this configuration and of the source that apt has now."""
    version = newest_source()
    home = kernelimage.home(flavour, build)
    record = kernelimage.record(kernelconfig.digest(flavour), version)
    with only_builder(home.parent):
        if kernelimage.recorded(home) == record:
            return
        source = unpacked(version, home.parent / "source")
        objects = source.parent / flavour
        objects.mkdir(exist_ok=True)
        with Maker(flavour, source, objects) as make:
            configure(flavour, objects, make)
            make("bzImage", "modules")
            install(home, record, objects, make)


@contextlib.contextmanager
def only_builder(kernels):
    """Two builds at once would mix their objects; the second waits and finds the work done."""
    kernels.mkdir(parents=True, exist_ok=True)
    with open(kernels / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another build", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)  # should this process be killed, its make is still at work
        yield


def newest_source():
    told = subprocess.run(["apt-cache", "policy", SOURCE_PACKAGE], check=True, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout
    candidate = re.search(r"Candidate: (\d\S*)", told)
    if not candidate:
        raise LabError(f"apt knows no package {SOURCE_PACKAGE}; run apt-get update")
    return candidate[1]


def unpacked(version, sources):
    """The folder of this version's source; those of other versions, and their objects, go."""
    source = sources / version / "linux"
    if source.exists():
        return source
    shutil.rmtree(sources, ignore_errors=True)
    source.parent.mkdir(parents=True)
    print(f"fetching {SOURCE_PACKAGE} {version}", flush=True)
    with tempfile.TemporaryDirectory(prefix="fetched.", dir=source.parent) as scratch:
        archive = kernelimage.download(f"{SOURCE_PACKAGE}={version}", scratch)
        subprocess.run(["dpkg-deb", "-x", archive, scratch], check=True)
        tree = Path(scratch) / "linux"
        tree.mkdir()
        subprocess.run(["tar", "-C", tree, "--strip-components=1", "-xJf",
                        Path(scratch) / "usr" / "src" / f"{SOURCE_PACKAGE}.tar.xz"], check=True)
        tree.rename(source)
    return source


def configure(flavour, objects, make):
    fragment = objects / "fragment"
    fragment.write_text(kernelconfig.as_text(kernelconfig.wanted(flavour)))
    make("allnoconfig", KCONFIG_ALLCONFIG=str(fragment))
    lost = kernelconfig.lost(flavour, objects / ".config")
    if lost:
        raise LabError(f"{flavour}: the kernel's configuration does not take\n  " + "\n  ".join(lost))


def install(home, record, objects, make):
    with tempfile.TemporaryDirectory(prefix=f"{home.name}.", dir=home.parent) as scratch:
        root = Path(scratch) / "root"
        boot = root / "boot"
        boot.mkdir(parents=True)
        make("modules_install", INSTALL_MOD_PATH=str(root), INSTALL_MOD_STRIP="1")
        release = (objects / "include" / "config" / "kernel.release").read_text().strip()
        shutil.copyfile(objects / "arch" / "x86" / "boot" / "bzImage", boot / f"vmlinuz-{release}")
        shutil.copyfile(objects / ".config", boot / f"config-{release}")
        (root / "lib" / "modules" / release / "build").unlink()  # a link to the objects
        (root / kernelimage.RECORD).write_text(record)
        if home.exists():
            home.rename(Path(scratch) / "outdated")
        root.rename(home)


class Maker:
    """Runs make for one kernel; all that it says goes to a file, and how far it is to a terminal."""

    def __init__(self, flavour, source, objects):
        self.flavour = flavour
        self.source = source
        self.objects = objects
        self.started = time.monotonic()
        self.steps = 0

    def __enter__(self):
        self.log = open(self.objects / "log", "w", buffering=1)
        print(f"{self.flavour}: building, see {self.log.name}", flush=True)
        return self

    def __exit__(self, kind, *_):
        self.log.close()
        if sys.stdout.isatty():
            print("\r\033[K", end="")
        if kind is None:
            print(f"{self.flavour}: built in {self.elapsed()}", flush=True)

    def __call__(self, *targets, **variables):
        # What make and its caller put into the environment would be taken for settings of the kernel's build.
        environment = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
        command = ["make", "-C", self.source, f"O={self.objects}", f"-j{len(os.sched_getaffinity(0))}",
                   *(f"{name}={value}" for name, value in variables.items()), *targets]
        with subprocess.Popen(command, env=environment | {"LC_ALL": "C"}, stdin=subprocess.DEVNULL, close_fds=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            for line in process.stdout:
                self.log.write(line)
                self.tell(line)
        if process.returncode != 0:
            tail = Path(self.log.name).read_text().splitlines()[-LINES_OF_A_FAILURE:]
            raise LabError("\n".join([f"{self.flavour}: make {' '.join(targets)} failed", *tail]))

    def tell(self, line):
        self.steps += 1
        if sys.stdout.isatty():
            told = f"{self.flavour}: {self.elapsed()}, step {self.steps}: {' '.join(line.split())}"
            print(f"\r{told[:shutil.get_terminal_size().columns - 1]}\033[K", end="", flush=True)

    def elapsed(self):
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        return f"{minutes}:{seconds:02}"
