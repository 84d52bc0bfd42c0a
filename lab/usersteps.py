# SPDX-License-Identifier: GPL-2.0-or-later
"""What real users of VFIO did, by strace, as a sequence of the language of differ/language.h.

A process has its number in the sequence from its first call to VFIO until it has ended; process 0 is whoever
writes to sysfs. Files and mappings have slots, the lowest that is free. Requests that the language does not
know are counted and left out: LEFT_OUT names them all. What is in neither table ends the translation.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from straced import NotUnderstood, read_calls

CONTAINER, GROUP, DEVICE = "container", "group", "device"
VFIO_TYPE = ord(";")

# Requests by kind of file and number (include/uapi/linux/vfio.h): those that become a step, and the others.
REQUESTS = {
    (CONTAINER, 102): "set_iommu",
    (GROUP, 103): "status",
    (GROUP, 104): "set_container",
    (GROUP, 105): "unset_container",
    (GROUP, 106): "device",
    (DEVICE, 112): "reset_info",
    (DEVICE, 113): "hot_reset",
    (DEVICE, 117): "feature",
}
LEFT_OUT = {
    (CONTAINER, 100): "VFIO_GET_API_VERSION",
    (CONTAINER, 101): "VFIO_CHECK_EXTENSION",
    (CONTAINER, 112): "VFIO_IOMMU_GET_INFO",
    (CONTAINER, 113): "VFIO_IOMMU_MAP_DMA",
    (CONTAINER, 114): "VFIO_IOMMU_UNMAP_DMA",
    (CONTAINER, 117): "VFIO_IOMMU_DIRTY_PAGES",
    (DEVICE, 107): "VFIO_DEVICE_GET_INFO",
    (DEVICE, 108): "VFIO_DEVICE_GET_REGION_INFO",
    (DEVICE, 109): "VFIO_DEVICE_GET_IRQ_INFO",
    (DEVICE, 110): "VFIO_DEVICE_SET_IRQS",
    (DEVICE, 111): "VFIO_DEVICE_RESET",
    (DEVICE, 116): "VFIO_DEVICE_IOEVENTFD",
}
NO_IOMMU_GROUP = "a group file of no-IOMMU mode that is not there"
OTHER_FEATURE = "VFIO_DEVICE_FEATURE, but for tokens"

RESET_INFO_HEADER = 12  # bytes; with no room after them, only the count comes back
FEATURE_MASK, FEATURE_SET, FEATURE_PROBE, FEATURE_TOKEN = 0xffff, 1 << 17, 1 << 18, 0

CLOSE_ON_EXEC = 0o2000000  # of open, dup3
DUP, SET_FLAGS, DUP_CLOSE_ON_EXEC = 0, 2, 1030  # commands of fcntl
MAP_FIXED = 0x10
CLONE_SHARES_FILES, CLONE_SHARES_MEMORY = 0x400, 0x100
CLOSE_RANGE_ONLY_ON_EXEC = 4

FILE = r"(-?\d+)(?:<([^>]*)>(?:\(deleted\))?)?"
NUMBER = r"(0x[0-9a-f]+|-?\d+|NULL)"
OPEN = re.compile(rf'{NUMBER}(?:<[^>]*>)?, "([^"]*)", {NUMBER}(?:, \d+)?')
WRITE = re.compile(rf'{FILE}, "(.*)"(?:\.\.\.)?, \d+')
IOCTL = re.compile(rf"{FILE}, {NUMBER}(?:, (.*))?")
MMAP = re.compile(rf"{NUMBER}, (\d+), {NUMBER}, {NUMBER}, {FILE}, {NUMBER}")
RANGE = re.compile(rf"{NUMBER}, (\d+)(?:, .*)?")
DUPLICATE = re.compile(rf"{FILE}(?:, {NUMBER}(?:<[^>]*>)?)?(?:, {NUMBER})?")
CLONE_FLAGS = re.compile(r"\bflags=(0x[0-9a-f]+)")
RIGHTS = re.compile(r"cmsg_level=0x1, cmsg_type=0x1, cmsg_data=\[([^\]]*(?:\[[^\]]*\][^\]]*)*)\]")
PASSED = re.compile(FILE)

# The files of sysfs that the language knows: what matches is the driver, function or group.
SYSFS = [
    (r"/sys/bus/pci/drivers/(.+)/(bind|unbind)", lambda t, m, text: f"{m[2]} {m[1]} {t.function(text)}"),
    (r"/sys/bus/pci/drivers_probe", lambda t, m, text: f"probe {t.function(text)}"),
    (r"/sys/devices/.*/(.+)/driver_override", lambda t, m, text: f"override {t.function(m[1])} {text or 'none'}"),
    (r"/sys/devices/.*/(.+)/remove", lambda t, m, text: f"remove {t.function(m[1])}"),
    (r"/sys/bus/pci/rescan", lambda t, m, text: "rescan"),
    (r"/sys/kernel/iommu_groups/(.+)/type", lambda t, m, text: f"type {t.group(m[1])} {text}"),
]


@dataclass
class Step:
    text: str
    answer: str | None  # as the model tells it; None: not known, the user was killed before it could tell
    ended: int | None  # line of the trace


@dataclass
class Look:
    number: str
    after: int  # so many steps
    line: int

    def pending(self, steps):
        """Those that had begun and not ended."""
        return {i for i, step in enumerate(steps[:self.after])
                if step.ended is None or step.ended > self.line}


@dataclass
class Sequence:
    steps: list = field(default_factory=list)
    looks: list = field(default_factory=list)
    left_out: Counter = field(default_factory=Counter)


@dataclass
class File:
    kind: str
    slot: int
    closed_on_exec: bool


@dataclass
class Map:
    slot: int
    parts: list  # (start, end)


@dataclass
class Process:
    number: int | None = None
    files: dict = field(default_factory=dict)
    maps: list = field(default_factory=list)
    threads: set = field(default_factory=set)

    def free_slot(self):
        taken = {file.slot for file in self.files.values()} | {one.slot for one in self.maps}
        return next(slot for slot in range(len(taken) + 1) if slot not in taken)


def translate(trace, machine):
    """The text of a trace and of a machine (differ/sysfs.c: write_machine) as a Sequence."""
    translator = Translator(machine)
    for call in sorted(read_calls(trace), key=moment):
        handler = getattr(translator, f"on_{call.name}", None)
        if handler is None:
            raise NotUnderstood(f"line {call.begun}: {call.name}")
        try:
            handler(call)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise NotUnderstood(f"line {call.begun}: {call.name}({call.arguments}): {error!r}") from error
    return translator.sequence


def moment(call):
    """A call is made where it begins; but what comes in a message comes where the call ends."""
    return call.ended if call.name == "recvmsg" and call.ended else call.begun


class Translator:
    def __init__(self, machine):
        words = [line.split() for line in machine.splitlines()]
        self.functions = [line[1] for line in words if line[0] == "function"]
        self.groups = [line[1] for line in words if line[0] == "group"]
        self.sequence = Sequence()
        self.processes = {}  # by thread
        self.told = {}  # by thread: what its next request points at
        self.asked = {}  # by thread: its last step
        self.mail = []  # files on their way: (process, file)

    # The words of the language.

    def function(self, address):
        return self.functions.index(address)

    def group(self, number):
        return self.groups.index(number)

    def say(self, call, process, *words, answer=None):
        """Of a call that never returned because its process was killed, nobody knows whether it was done."""
        number = 0 if process is None else self.number(process)
        step = Step(" ".join(str(word) for word in (number, *words)), answer, call.ended)
        if answer is None and call.value is not None:
            step.answer = str(call.error)
        self.sequence.steps.append(step)
        self.asked[call.thread] = step

    def number(self, process):
        if process.number is None:
            process.number = self.lowest_number()
            self.sequence.steps.append(Step("0 fork", "0", 0))
        return process.number

    def lowest_number(self):
        taken = {process.number for process in self.processes.values()}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    # Processes.

    def process(self, thread):
        if thread not in self.processes:
            self.processes[thread] = Process(threads={thread})
        return self.processes[thread]

    def on_clone(self, call):
        if not call.succeeded:
            return
        flags = CLONE_FLAGS.search(call.arguments)
        self.add_thread(call, int(flags[1], 16) if flags else 0)

    on_clone3 = on_clone

    def on_fork(self, call):
        if call.succeeded:
            self.add_thread(call, 0)

    def on_vfork(self, call):
        if call.succeeded:
            self.add_thread(call, CLONE_SHARES_MEMORY)

    def add_thread(self, call, flags):
        parent = self.process(call.thread)
        if flags & CLONE_SHARES_FILES:
            parent.threads.add(call.value)
            self.processes[call.value] = parent
            return
        child = self.processes[call.value] = Process(threads={call.value})
        if not parent.files and not parent.maps:
            return
        if flags & CLONE_SHARES_MEMORY and parent.maps:
            raise NotUnderstood(f"line {call.begun}: a child without its parent's files in its parent's memory")
        self.say(call, parent, "fork", answer="0")
        child.number = self.lowest_number()
        child.files = {fd: File(**vars(file)) for fd, file in parent.files.items()}
        child.maps = [Map(one.slot, list(one.parts)) for one in parent.maps]

    def on_execve(self, call):
        if not call.succeeded:
            return
        process = self.process(call.thread)
        for fd in [fd for fd, file in process.files.items() if file.closed_on_exec]:
            self.close(call, process, fd)
        for one in list(process.maps):
            self.unmap(call, process, one, 0, 1 << 64)

    def on_over(self, call):
        process = self.process(call.thread)
        process.threads.discard(call.thread)
        del self.processes[call.thread]
        if not process.threads and process.number is not None:
            self.say(call, process, "exit", answer="0")

    # Files.

    def on_openat(self, call):
        match = OPEN.fullmatch(call.arguments)
        path, flags = match[2], int(match[3], 0)
        if path.startswith("/dev/vfio/noiommu-") and call.error:
            self.sequence.left_out[NO_IOMMU_GROUP] += 1
        elif path == "/dev/vfio/vfio":
            self.open(call, CONTAINER, flags, "container")
        elif path.startswith("/dev/vfio/") and path != "/dev/vfio/":
            self.open(call, GROUP, flags, "group", self.group(path.removeprefix("/dev/vfio/")))
        elif path.startswith("/dev/iommu") and call.succeeded:
            raise NotUnderstood(f"line {call.begun}: {path}")

    def open(self, call, kind, flags, *words):
        process = self.process(call.thread)
        slot = process.free_slot()
        self.say(call, process, *words, slot)
        if call.succeeded:
            process.files[call.value] = File(kind, slot, bool(flags & CLOSE_ON_EXEC))

    def on_close(self, call):
        process, fd = self.process(call.thread), int(PASSED.match(call.arguments)[1])
        if fd in process.files and call.value is not None:
            self.close(call, process, fd)

    def close(self, call, process, fd):
        self.say(call, process, "close", process.files.pop(fd).slot, answer="0")

    def on_close_range(self, call):
        process = self.process(call.thread)
        first, last, flags = (int(word, 0) for word in call.arguments.split(", "))
        for fd in [fd for fd in process.files if first <= fd <= last and call.succeeded]:
            if flags & CLOSE_RANGE_ONLY_ON_EXEC:
                process.files[fd].closed_on_exec = True
            else:
                self.close(call, process, fd)

    def on_dup(self, call):
        match = DUPLICATE.fullmatch(call.arguments)
        self.duplicate(call, int(match[1]), closed_on_exec=bool(int(match[4] or "0", 0) & CLOSE_ON_EXEC))

    on_dup2 = on_dup3 = on_dup

    def on_fcntl(self, call):
        match = DUPLICATE.match(call.arguments)
        fd, command = int(match[1]), int(match[3], 0)
        file = self.process(call.thread).files.get(fd)
        if command in (DUP, DUP_CLOSE_ON_EXEC):
            self.duplicate(call, fd, command == DUP_CLOSE_ON_EXEC)
        elif command == SET_FLAGS and file:
            file.closed_on_exec = bool(int(match[4], 0))

    def duplicate(self, call, fd, closed_on_exec):
        process = self.process(call.thread)
        if not call.succeeded or call.value == fd:
            return
        if call.value in process.files:
            self.close(call, process, call.value)
        if fd in process.files:
            slot = process.free_slot()
            self.say(call, process, "dup", process.files[fd].slot, slot)
            process.files[call.value] = File(process.files[fd].kind, slot, closed_on_exec)

    def on_sendmsg(self, call):
        process, rights = self.process(call.thread), RIGHTS.search(call.arguments)
        for fd, _ in PASSED.findall(rights[1]) if rights and call.succeeded else ():
            if int(fd) in process.files:
                self.mail.append((process, process.files[int(fd)]))

    def on_recvmsg(self, call):
        process, rights = self.process(call.thread), RIGHTS.search(call.arguments)
        for fd, path in PASSED.findall(rights[1]) if rights and call.succeeded else ():
            if path.startswith("/dev/vfio") or "vfio" in path:
                sender, file = self.mail.pop(0)
                slot = process.free_slot()
                self.say(call, sender, "pass", file.slot, self.number(process), slot, answer="0")
                process.files[int(fd)] = File(file.kind, slot, False)

    # Mappings.

    def on_mmap(self, call):
        start, length, _, flags, fd, _, _ = MMAP.fullmatch(call.arguments).groups()
        process = self.process(call.thread)
        if call.succeeded and int(flags, 0) & MAP_FIXED:
            self.unmap_all(call, process, int(start, 0), int(length))
        if int(fd) in process.files:
            slot = process.free_slot()
            self.say(call, process, "mmap", process.files[int(fd)].slot, slot)
            if call.succeeded:
                process.maps.append(Map(slot, [(call.value, call.value + int(length))]))

    def on_munmap(self, call):
        match = RANGE.fullmatch(call.arguments)
        if call.succeeded:
            self.unmap_all(call, self.process(call.thread), int(match[1], 0), int(match[2]))

    def on_mremap(self, call):
        match = RANGE.fullmatch(call.arguments)
        start, end = int(match[1], 0), int(match[1], 0) + int(match[2])
        for one in self.process(call.thread).maps:
            if any(first < end and start < last for first, last in one.parts):
                raise NotUnderstood(f"line {call.begun}: a BAR is moved")

    def unmap_all(self, call, process, start, length):
        for one in list(process.maps):
            self.unmap(call, process, one, start, start + length)

    def unmap(self, call, process, one, start, end):
        """A mapping is there as long as any part of it is."""
        left = [part for first, last in one.parts for part in ((first, min(last, start)), (max(first, end), last))]
        one.parts = [(first, last) for first, last in left if first < last]
        if not one.parts:
            process.maps.remove(one)
            self.say(call, process, "munmap", one.slot, answer="0")

    # Requests.

    def on_ioctl(self, call):
        match = IOCTL.fullmatch(call.arguments)
        fd, request = int(match[1]), int(match[3], 0)
        if request >> 8 != VFIO_TYPE:
            return
        process, told = self.process(call.thread), self.told.pop(call.thread, "")
        self.asked.pop(call.thread, None)
        if call.value is None:
            return  # killed before it was done
        file = process.files[fd]
        name = REQUESTS.get((file.kind, request & 0xff))
        if name:
            getattr(self, f"ask_{name}")(call, process, file, told, match[4])
        else:
            self.sequence.left_out[LEFT_OUT[file.kind, request & 0xff]] += 1

    def ask_set_iommu(self, call, process, file, _, argument):
        self.say(call, process, "set_iommu", file.slot, int(argument, 0))

    def ask_status(self, call, process, file, *_):
        self.say(call, process, "status", file.slot)

    def ask_set_container(self, call, process, file, told, _):
        container = process.files[int(words_of(told)["container"])]
        self.say(call, process, "set_container", file.slot, container.slot)

    def ask_unset_container(self, call, process, file, *_):
        self.say(call, process, "unset_container", file.slot)

    def ask_device(self, call, process, file, told, _):
        slot = process.free_slot()
        self.say(call, process, "device", file.slot, self.function(words_of(told)["name"]), slot,
                 answer=str(call.error))
        if call.succeeded:
            process.files[call.value] = File(DEVICE, slot, True)

    def ask_reset_info(self, call, process, file, told, _):
        room = int(words_of(told)["argsz"]) - RESET_INFO_HEADER
        self.say(call, process, *(["malformed"] if room <= 0 else []), "reset_info", file.slot)

    def ask_hot_reset(self, call, process, file, told, _):
        words = words_of(told)
        if words["first"] != words["last"]:
            raise NotUnderstood(f"line {call.begun}: a reset with several groups")
        groups = process.files.get(int(words["first"]), file)
        self.say(call, process, "hot_reset", file.slot, groups.slot, words["count"])

    def ask_feature(self, call, process, file, told, _):
        flags = int(words_of(told)["flags"])
        if flags & FEATURE_MASK == FEATURE_TOKEN and flags & FEATURE_SET and not flags & FEATURE_PROBE:
            self.say(call, process, "set_token", file.slot)
        else:
            self.sequence.left_out[OTHER_FEATURE] += 1

    # Writes: to sysfs, of what users/tell.c tells, and that the scene looked.

    def on_write(self, call):
        match = WRITE.fullmatch(call.arguments)
        path, text = match[2] or "", match[3].removesuffix("\\n")
        if path.startswith("/sys/"):
            self.write_to_sysfs(call, path, text)
        elif match[1] == "-1" and text.startswith("vfio "):
            self.take_told(call, text.removeprefix("vfio "))
        elif text.startswith("look "):
            self.sequence.looks.append(Look(text.split()[1], len(self.sequence.steps), call.begun))

    def write_to_sysfs(self, call, path, text):
        for pattern, words in SYSFS:
            if match := re.fullmatch(pattern, path):
                self.say(call, None, words(self, match, text))
                return
        raise NotUnderstood(f"line {call.begun}: a write to {path}")

    def take_told(self, call, text):
        word, _, number = text.partition(" ")
        if word not in ("flags", "count"):
            self.told[call.thread] = text
        elif call.thread in self.asked:
            self.asked[call.thread].answer = f"f{number}"


def words_of(told):
    words = told.split()
    return dict(zip(words[::2], words[1::2]))
