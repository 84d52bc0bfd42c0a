# SPDX-License-Identifier: GPL-2.0-or-later
"""One guest: a kernel of kernelimage.py under QEMU's software emulation, on the host's own files.

The guest sees the host's root read-only under a tmpfs overlay, so every path means the same
on both sides. It runs one command. Four ISA serial ports carry everything else, since they take
no PCI slot and so leave the topology under test alone; guest/stage2 says which is which.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import kernelimage
from kernelimage import LabError

LAB = Path(__file__).resolve().parent
NO_VERDICT = 125
SETTINGS = "opt/ioward-lab"
CONSOLE_TAIL = 6000

IOMMUS = {
    # caching-mode makes the kernel map strictly, so an unmapped address is blocked at once.
    "intel": (["-device", "intel-iommu,intremap=on,caching-mode=on"], "intel_iommu=on"),
    "amd": (["-device", "amd-iommu"], ""),
    "virtio": (["-device", "virtio-iommu-pci,bus=pcie.0,addr=0x1d"], ""),
    "none": ([], ""),
}


@dataclass
class Topology:
    name: str
    about: str
    devices: list
    backends: list
    groups: list
    ungrouped: list
    virtual_functions: dict
    not_isolated: list  # pairs of devices in different groups that surely reach each other


def load_topology(name):
    """A topology by its name in lab/topologies, or by the path of a file."""
    path = Path(name) if "/" in name else LAB / "topologies" / f"{name}.json"
    try:
        data = json.loads(path.read_text())
    except OSError as error:
        raise LabError(f"no topology {name!r}: {error.strerror}") from error
    return Topology(data["name"], data["about"], data["devices"], data.get("backends", []),
                    data["groups"], data.get("ungrouped", []), data.get("virtual_functions"),
                    data.get("not_isolated", []))


@dataclass
class Outcome:
    code: int  # the command's, or NO_VERDICT
    console: str
    complaint: str  # why there is no verdict; empty when there is one
    seconds: float


def boot(command, kernel="6.12", topology=None, iommu="intel", append="", timeout=120.0,
         build="build", out=None, stream=None, timeless=False):
    """Boot, run `command` (a shell text), copy its output to `stream`, its /out to `out`.

    Timeless: the guest's clock is how many instructions it has run, and is set forward when it has none to run, so
    that whoever sleeps in it costs nothing. What the host answers late is very late by that clock."""
    image = kernelimage.prepare(kernel, build)
    with tempfile.TemporaryDirectory(prefix="ioward-lab.") as scratch:
        return Machine(image, topology, iommu, append, Path(scratch), timeless).run(command, timeout, out, stream)


class Machine:
    def __init__(self, image, topology, iommu, append, scratch, timeless):
        self.image = image
        self.topology = topology
        self.iommu = iommu
        self.append = append
        self.scratch = scratch
        self.timeless = timeless
        self.console = scratch / "console"
        self.archive = scratch / "out.tar.gz"
        self.errors = scratch / "qemu.err"

    def run(self, command, timeout, out, stream):
        started = time.monotonic()
        monitor, qemu_monitor = socket.socketpair()
        control, qemu_control = socket.socketpair()
        (self.scratch / "command").write_text(command + "\n")
        arguments = self.arguments(qemu_monitor.fileno(), qemu_control.fileno())
        with open(self.errors, "wb") as errors, monitor, control:
            qemu = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=errors, pass_fds=(qemu_monitor.fileno(), qemu_control.fileno()))
            qemu_monitor.close()
            qemu_control.close()
            conversation = Conversation(qemu, monitor, control)
            copier = threading.Thread(target=copy, args=(qemu.stdout, stream or sys.stdout.buffer))
            copier.start()
            try:
                code = conversation.until_verdict(started + timeout)
            finally:
                qemu.kill()
                qemu.wait()
                copier.join()
                qemu.stdout.close()
        complaint = conversation.complaint
        if code is not None and out is not None and not self.unpack(Path(out)):
            complaint = "the guest's files did not come out whole"
        console = read(self.console)
        if complaint:
            complaint = "\n".join([complaint, console[-CONSOLE_TAIL:], read(self.errors)[-CONSOLE_TAIL:]])
            code = NO_VERDICT
        return Outcome(code, console, complaint, time.monotonic() - started)

    def arguments(self, monitor, control):
        if self.iommu not in IOMMUS:
            raise LabError(f"no IOMMU {self.iommu!r}: the lab knows {', '.join(IOMMUS)}")
        iommu_arguments, iommu_parameters = IOMMUS[self.iommu]
        # On a busy host the guest's timer can be too late for the kernel's boot-time check of it.
        parameters = "console=ttyS0 panic=-1 oops=panic quiet loglevel=4 no_timer_check " \
                     f"{iommu_parameters} {self.append}"
        settings = {"stage2": LAB / "guest" / "stage2", "modules": self.image.modules, "directory": os.getcwd()}
        arguments = [
            # Whoever ends this program ends its guests.
            "setpriv", "--pdeathsig", "KILL", "--",
            "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", "q35", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "512",
            "-kernel", self.image.vmlinuz, "-initrd", self.image.initrd, "-append", parameters,
            "-chardev", f"socket,id=monitor,fd={monitor}", "-mon", "chardev=monitor,mode=control",
            "-chardev", f"file,id=console,path={option(self.console)}", "-serial", "chardev:console",
            "-chardev", "stdio,id=output,signal=off", "-serial", "chardev:output",
            # The third and fourth port would share interrupts with the first and second.
            "-chardev", f"file,id=archive,path={option(self.archive)}",
            "-device", "isa-serial,chardev=archive,index=2,irq=5",
            "-chardev", f"socket,id=control,fd={control}",
            "-device", "isa-serial,chardev=control,index=3,irq=7",
            "-fw_cfg", f"name={SETTINGS}/command,file={option(self.scratch / 'command')}",
        ]
        for name, value in settings.items():
            arguments += ["-fw_cfg", f"name={SETTINGS}/{name},string={option(value)}"]
        if self.timeless:
            arguments += ["-icount", "shift=3,sleep=off"]
        arguments += iommu_arguments
        # The guest's root is a PCI device too; a slot of its own keeps it out of every group.
        arguments += ["-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap",
                      "-device", "virtio-9p-pci,fsdev=root,mount_tag=root,bus=pcie.0,addr=0x1e"]
        if self.topology:
            arguments += self.topology.backends
            for device in self.topology.devices:
                arguments += ["-device", json.dumps(device)]
        return [str(argument) for argument in arguments]

    def unpack(self, out):
        out.mkdir(parents=True, exist_ok=True)
        if not self.archive.stat().st_size:
            return True
        tar = ["tar", "-C", out, "--no-same-owner", "--warning=no-timestamp", "-xzf", self.archive]
        return subprocess.run(tar, check=False).returncode == 0


class Conversation:
    """Between QEMU's monitor and the guest's lab-qmp, until the guest tells its verdict."""

    def __init__(self, qemu, monitor, control):
        self.qemu = qemu
        self.monitor = monitor
        self.control = control
        self.events = []
        self.wanted_event = None
        self.complaint = ""
        self.code = None

    def until_verdict(self, deadline):
        pending = {self.monitor: b"", self.control: b""}
        handlers = {self.monitor: self.from_monitor, self.control: self.from_guest}
        with selectors.DefaultSelector() as selector:
            for peer in pending:
                selector.register(peer, selectors.EVENT_READ)
            while self.code is None:
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    self.complaint = "the guest's time is up"
                    return None
                for key, _ in ready:
                    received = receive(key.fileobj)
                    if not received:
                        self.complaint = f"QEMU ended by itself ({describe_end(self.qemu.wait())})"
                        return None
                    *lines, pending[key.fileobj] = (pending[key.fileobj] + received).split(b"\n")
                    for line in lines:
                        handlers[key.fileobj](line.decode(errors="replace").strip())
        return self.code

    def from_monitor(self, line):
        message = json.loads(line)
        if "QMP" in message:
            self.monitor.sendall(b'{"execute":"qmp_capabilities","id":"greeting"}\n')
        elif "event" in message:
            self.events.append(message)
            self.answer_event()
        elif message.get("id") != "greeting":
            self.answer(message)

    def from_guest(self, line):
        verb, _, rest = line.partition(" ")
        if verb == "exit":
            self.code = int(rest)
        elif verb == "command":
            self.monitor.sendall(rest.encode() + b"\n")
        elif verb == "event":
            self.wanted_event = rest
            self.answer_event()

    def answer_event(self):
        for event in self.events:
            if event["event"] == self.wanted_event:
                self.events.remove(event)
                self.wanted_event = None
                self.answer(event)
                return

    def answer(self, message):
        self.control.sendall(json.dumps(message).encode() + b"\n")


def receive(peer):
    try:
        return peer.recv(65536)
    except ConnectionResetError:
        return b""


def copy(source, sink):
    while chunk := source.read1(65536):
        sink.write(chunk)
        sink.flush()


def read(path):
    return path.read_text(errors="replace") if path.exists() else ""


def option(value):
    """QEMU's option syntax: a comma inside a value is doubled."""
    return str(value).replace(",", ",,")


def describe_end(code):
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
