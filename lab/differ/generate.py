#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws sequences of calls (differ/language.h) for a topology: generate.py TOPOLOGY SEED COUNT [STEPS]."""

import random
import sys
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Place:
    """Functions are numbered by address, groups by their first function; one without a group has its own number,
    negative, for one."""
    group_of: tuple
    ports: tuple
    native: str  # a driver of the kernel's own, for these functions only
    natives: tuple
    physical: dict = field(default_factory=dict)  # of a VF
    favourites: tuple = ()  # where a sequence begins; all endpoints if empty
    slots: dict = field(default_factory=dict)  # functions below a port
    native_hotplug: bool = False
    begin: str = "begin_with_user"
    actions: tuple = ()  # beside those of every place

    @property
    def is_bare(self):
        return any(group < 0 for group in self.group_of)

    @property
    def endpoints(self):
        return [i for i in range(len(self.group_of)) if i not in self.ports]

    @property
    def groups(self):
        return sorted({group for group in self.group_of if group >= 0})

    @property
    def drivers(self):
        return ["vfio-pci", "pci-stub", "uio_pci_generic", self.native, "pcieport"]


DRIVER_WEIGHTS = [8, 2, 2, 3, 1]
TYPES = ["DMA", "DMA-FQ", "identity", "auto", "odd"]
IOMMUS, IOMMU_WEIGHTS = [1, 3, 8, 77], [5, 3, 1, 1]
PROCESSES, SLOTS = 4, 10


class Sequence:
    """Steps, and what they would have come to had nothing been refused: only so that most of them make sense."""

    modules = ["vfio-pci", "pci-stub", "uio_pci_generic"]

    def __init__(self, place, lot, length):
        self.place = place
        self.lot = lot
        self.length = length
        self.steps = []
        self.alive = {0}
        self.slots = {0: {}}  # by process, by slot: (kind, group or function)
        self.driver = {port: "pcieport" for port in self.place.ports}
        self.override = {}
        self.vfs = {}  # that a PF has on
        self.out = []  # ports whose slots are empty
        self.actions = [*self.common_actions(), *((getattr(Sequence, name), *rest) for name, *rest in place.actions)]
        self.favourite = lot.choice(self.place.favourites or self.place.endpoints)
        self.process = 0
        self.data_given = False
        self.unloaded = []
        self.begin()
        while len(self.steps) < length:
            self.process = lot.choice(sorted(self.alive))
            self.act(*lot.choices(self.actions, [weight for _, weight, _ in self.actions])[0])
        del self.steps[length:]

    def common_actions(self):
        return ACTIONS

    def begin(self):
        getattr(self, self.place.begin)()

    def act(self, action, _, kind):
        """Without a file of the kind that the action is about, most often one comes first."""
        if kind and not self.all_of(kind) and self.lot.random() < 0.95:
            action = Sequence.map if kind == "map" and self.all_of("device") else self.first_for(kind)
        action(self)

    def first_for(self, _):
        return Sequence.use_group

    def say(self, *words):
        self.steps.append(" ".join(str(word) for word in (self.process, *words)))

    # What is drawn.

    def function(self):
        if self.lot.random() < 0.06:
            return self.lot.choice(self.place.ports)
        there = self.there()
        group = [i for i in there if self.place.group_of[i] == self.place.group_of[self.favourite]]
        return self.lot.choice(group) if group and self.lot.random() < 0.6 else self.lot.choice(there)

    def there(self):
        """Endpoints, mostly without the VFs that are off."""
        return [i for i in self.place.endpoints
                if i not in self.place.physical or self.is_on(i) or self.lot.random() < 0.05]

    def is_on(self, function):
        physical = self.place.physical[function]
        return function - physical <= self.vfs.get(physical, 0)

    def held(self):
        """A function that most likely has vfio-pci."""
        has = [function for function, driver in self.driver.items() if driver == "vfio-pci"]
        return self.lot.choice(has) if has and self.lot.random() < 0.9 else self.function()

    def kernel_driver(self):
        return self.lot.choices(self.place.drivers, DRIVER_WEIGHTS)[0]

    def table(self):
        return self.slots[self.process]

    def empty(self, process=None):
        table = self.slots[self.process if process is None else process]
        free = [slot for slot in range(SLOTS) if slot not in table]
        return self.lot.choice(free) if free else self.lot.randrange(SLOTS)

    def is_a(self, what, kind):
        return what == kind

    def all_of(self, kind):
        return [slot for slot, (what, _) in self.table().items() if self.is_a(what, kind)]

    def slot(self, kind):
        """One of this kind, with luck; now and then any."""
        fits = self.all_of(kind)
        if fits and self.lot.random() < 0.96:
            return self.lot.choice(fits)
        return self.lot.choice(list(self.table()) or [self.lot.randrange(SLOTS)])

    # What is done: one step, or some that belong together.

    def set_override(self, function=None, driver=None):
        manner = self.manner("malformed") if function is None else []
        function = self.function() if function is None else function
        driver = driver or self.lot.choices([self.kernel_driver(), "none", "nobody"], [8, 3, 1])[0]
        if driver == self.place.native and function not in self.place.natives:
            driver = "pci-stub"  # e1000e trusts that its device is one, and brings the kernel down; nvme waits for a VF
        if not manner:
            self.override[function] = driver
        self.say(*manner, "override", function, driver)

    def bind(self, function=None, driver=None):
        function = self.function() if function is None else function
        if driver is None:
            driver = self.override.get(function, "none")
            if driver in ("none", "nobody") or self.lot.random() < 0.15:
                driver = self.kernel_driver()
        self.driver.setdefault(function, driver)
        self.say("bind", driver, function)

    def give(self, driver=None, function=None):
        function = self.function() if function is None else function
        driver = driver or self.lot.choices(self.place.drivers[:4], [2, 2, 3, 3])[0]
        if function in self.driver and self.lot.random() < 0.8:
            self.unbind(function)
        self.set_override(function, driver)
        self.bind(function, driver)

    def give_vfio(self):
        self.give("vfio-pci", self.favourite if self.lot.random() < 0.5 else None)

    def unbind(self, function=None):
        bound = list(self.driver)
        if function is None:
            function = self.lot.choice(bound) if bound and self.lot.random() < 0.9 else self.function()
            if function in self.place.ports and self.lot.random() < 0.8:
                function = self.function()
        driver = self.driver.pop(function, None) or self.kernel_driver()
        self.say("unbind", driver if self.lot.random() < 0.95 else self.kernel_driver(), function)

    def probe(self):
        self.say("probe", self.function())

    def new_id(self):
        driver, function = self.kernel_driver(), self.function()
        if driver == self.place.native and function not in self.place.natives:
            function = self.place.natives[0]
        # The other drivers have no table, or one whose data a driver relies on.
        odd = ["malformed", *(["other_data"] if driver in ("vfio-pci", "pcieport") else []),
               *(["with_data"] if driver == "pci-stub" and not self.data_given else [])]
        manner = self.manner(*odd)
        self.data_given = self.data_given or manner == ["with_data"]  # a second one would be one of two
        self.say(*manner, "new_id", driver, function)

    def remove(self, function=None):
        self.say(*self.manner("malformed"), "remove", self.function() if function is None else function)

    def begin_with_user(self):
        if self.lot.random() < 0.75:
            self.give("vfio-pci", self.favourite)
            if self.lot.random() < 0.75:
                self.use_group()

    def begin_with_slot(self):
        """A slot that is emptied under its user, or filled with the group in use."""
        self.begin_with_user()
        if self.lot.random() < 0.7:
            self.empty_slot()
        if self.lot.random() < 0.4:
            self.use_group()
            self.fill_slot()

    def begin_with_vfs(self):
        """A PF with its VFs on, and most often the user of one that needs the PF's token."""
        physical, lot = self.favourite, self.lot
        self.give(lot.choices(["vfio-pci", self.place.native], [3, 1])[0], physical)
        if self.driver[physical] == "vfio-pci" and lot.random() < 0.75:
            group = self.use_group(physical)
            if lot.random() < 0.5:
                self.close("device")
        else:
            group = None
        self.change_vfs(physical, lot.choice([1, 2, 2]))
        if lot.random() < 0.8:
            self.favourite = lot.choice([vf for vf, of in self.place.physical.items() if of == physical and self.is_on(vf)])
            if self.driver[physical] != "vfio-pci":
                self.give("vfio-pci", self.favourite)
            self.use_group(self.favourite)
        if lot.random() < 0.5:
            lot.choice([self.unbind, self.change_vfs, self.use_group, self.remove])(physical)
        if group is not None and lot.random() < 0.5:
            self.device(group, physical, lot.choice([[], [1], [2]]))

    def change_vfs(self, physical=None, number=None):
        if physical is None:
            physical = self.lot.choice(self.place.natives) if self.lot.random() < 0.95 else self.function()
        vfs = [vf for vf, of in self.place.physical.items() if of == physical]
        if number is None:
            off = self.vfs.get(physical) and self.lot.random() < 0.6
            number = 0 if off else self.lot.choices([0, 1, 2, 3], [1, 3, 5, 0.5])[0]
        self.vfs[physical] = number
        for vf in vfs:
            self.driver.pop(vf, None)
            if self.driver.get(physical) == "vfio-pci" and self.is_on(vf):
                self.driver[vf] = "vfio-pci"
        self.say(*self.manner("malformed"), "vfs", physical, number)

    def token(self, function):
        """Nothing for none; most often the one that all use."""
        if not self.place.physical:
            return [1] if self.lot.random() < 0.01 else []
        physical = self.place.physical.get(function, function)
        likely = [1, 10, 1] if self.driver.get(physical) == "vfio-pci" else [8, 1, 0.5]
        number = self.lot.choices([0, 1, 2], likely)[0]
        return [number] if number else []

    def empty_slot(self):
        ports = self.place.ports
        used = [port for port in ports if self.favourite in self.place.slots[port]]
        port = self.lot.choice(used if self.lot.random() < 0.5 else ports)
        if port not in self.out:
            self.out.append(port)
        self.say(self.lot.choice(["unplug", "pull"]) if self.place.native_hotplug else "unplug", port)

    def fill_slot(self):
        if not self.out and self.lot.random() < 0.8:
            self.empty_slot()
        self.say("plug", self.out.pop(0) if self.out else self.lot.choice(self.place.ports))

    def rescan(self):
        self.say("rescan")

    def remove_id(self):
        self.say(*self.manner("malformed"), "remove_id", self.kernel_driver(), self.function())

    def load(self):
        self.say("load", self.unloaded.pop() if self.unloaded else self.lot.choice([*self.modules, "nobody"]))

    def unload(self):
        module = self.lot.choice(self.modules)
        self.unloaded.append(module)
        self.say("unload", module)

    def set_type(self):
        group = self.place.group_of[self.function()] if self.lot.random() < 0.8 else -1
        group = group if group >= 0 else self.lot.choice(self.place.groups)
        self.say(*self.manner("unprivileged"), "type", group, self.lot.choices(TYPES, [3, 3, 4, 2, 1])[0])

    def open_container(self):
        slot = self.empty()
        self.table()[slot] = ("container", None)
        self.say("container", slot)
        return slot

    def open_group(self, function=None):
        opened = {of for table in self.slots.values() for what, of in table.values() if what == "group"}
        has = [function for function, driver in self.driver.items()
               if driver == "vfio-pci" and self.place.group_of[function] not in opened]
        if function is not None:
            has = [function]
        if not has and self.lot.random() < 0.8:
            has = [self.lot.choice(self.place.endpoints)]
            self.give("vfio-pci", has[0])
        group, slot = self.place.group_of[self.lot.choice(has) if has else self.held()], self.empty()
        self.table().setdefault(slot, ("group", group))
        self.say(*(["group", group] if group >= 0 else [*self.manner(*self.barred), "noiommu", -group]), slot)
        return slot

    @property
    def barred(self):
        """Without a group, capabilities matter."""
        return ["unprivileged"] * 2 if self.place.is_bare else []

    def use_group(self, function=None):
        """Of a function that is named, most often for certain."""
        group, container = self.open_group(function), self.open_container()
        self.say("set_container", group, container)
        if self.lot.random() < 0.85:
            iommu = 1 if function is not None else self.iommu(group)
            self.say("set_iommu", container, iommu)
        if self.lot.random() < (0.7 if function is None else 0.9):
            self.device(group, function)
        return group

    def manner(self, *odd):
        return [self.lot.choice(odd)] if odd and self.lot.random() < 0.06 else []

    def set_container(self):
        self.say(*self.manner("unreadable", *self.barred), "set_container", self.slot("group"), self.slot("container"))

    def unset_container(self):
        self.say("unset_container", self.slot("group"))

    def status(self):
        self.say(*self.manner("unreadable", "malformed"), "status", self.slot("group"))

    def set_iommu(self):
        self.say(*self.manner(*self.barred), "set_iommu", self.slot("container"), self.iommu())

    def iommu(self, slot=None):
        """Of a container, for the group in a slot."""
        what, group = self.table().get(slot, ("group", -1))
        bare = self.place.is_bare and what == "group" and group < 0
        return self.lot.choices(IOMMUS, [2, 1, 5, 1] if bare else IOMMU_WEIGHTS)[0]

    def device(self, group=None, function=None, token=None):
        group, slot = self.slot("group") if group is None else group, self.empty()
        of = self.table().get(group, (None, None))[1]
        members = [i for i in range(len(self.place.group_of)) if self.place.group_of[i] == of and self.driver.get(i) == "vfio-pci"]
        if function is None:
            function = self.lot.choice(members) if members and self.lot.random() < 0.95 else self.held()
        self.table().setdefault(slot, ("device", function))
        self.say(*self.manner("unreadable", "malformed", "glued", *self.barred), "device", group, function, slot,
                 *(self.token(function) if token is None else token))

    def bind_iommufd(self):
        self.say(*self.manner("unreadable", "malformed"), "bind_iommufd", self.slot("device"), self.slot("container"))

    def attach_pt(self):
        self.say(*self.manner("unreadable", "malformed"), "attach_pt", self.slot("device"), 1)

    def detach_pt(self):
        self.say(*self.manner("unreadable", "malformed"), "detach_pt", self.slot("device"))

    def set_token(self):
        self.say(*self.manner("malformed"), "set_token", self.slot("device"), *self.token(None))

    def reset_info(self):
        self.say(*self.manner("unreadable", "malformed"), "reset_info", self.slot("device"))

    def hot_reset(self):
        self.say(*self.manner("unreadable", "malformed"), "hot_reset", self.slot("device"), self.slot("group"),
                 self.lot.choices([0, 1, 2, 3], [1, 6, 1, 1])[0])

    def map(self):
        device, slot = self.slot("device"), self.empty()
        self.table().setdefault(slot, ("map", None))
        self.say(*self.manner("malformed"), "mmap", device, slot)

    def unmap(self):
        slot = self.slot("map")
        self.table().pop(slot, None)
        self.say("munmap", slot)

    def close(self, kind=None):
        slot = self.slot(kind or self.lot.choice(["group", "group", "container", "device", "device"]))
        self.table().pop(slot, None)
        self.say("close", slot)

    def duplicate(self):
        old, new = self.slot(self.lot.choice(["group", "container", "device"])), self.empty()
        if old in self.table():
            self.table().setdefault(new, self.table()[old])
        self.say("dup", old, new)

    def fork(self):
        child = next((process for process in range(PROCESSES) if process not in self.alive), None)
        if child is not None:
            self.alive.add(child)
            self.slots[child] = dict(self.table())
        self.say("fork")

    def hand_on(self):
        others = sorted(self.alive - {self.process})
        if not others:
            self.fork()
            return
        other, old = self.lot.choice(others), self.slot(self.lot.choice(["group", "container", "device"]))
        new = self.empty(other)
        if old in self.table():
            self.slots[other].setdefault(new, self.table()[old])
        self.say("pass", old, other, new)

    def exit(self):
        others = sorted(self.alive - {0})
        if others:
            self.process = self.lot.choice(others)
            self.alive.discard(self.process)
            self.slots.pop(self.process)
            self.say("exit")


# With its weight, and the kind of file that it is about.
ACTIONS = [(Sequence.give_vfio, 10, None), (Sequence.give, 6, None), (Sequence.set_override, 4, None),
           (Sequence.bind, 5, None), (Sequence.unbind, 9, None), (Sequence.probe, 5, None), (Sequence.set_type, 6, None),
           (Sequence.new_id, 2, None), (Sequence.remove_id, 1, None), (Sequence.remove, 1.5, None),
           (Sequence.rescan, 1.5, None),
           (Sequence.load, 1, None), (Sequence.unload, 0.7, None), (Sequence.open_group, 5, None),
           (Sequence.open_container, 2, None), (Sequence.use_group, 6, None), (Sequence.set_container, 6, "group"),
           (Sequence.unset_container, 6, "group"), (Sequence.status, 5, "group"), (Sequence.set_iommu, 4, "container"),
           (Sequence.device, 8, "group"), (Sequence.map, 6, "device"), (Sequence.unmap, 5, "map"),
           (Sequence.bind_iommufd, 0.5, "device"), (Sequence.attach_pt, 0.5, "device"),
           (Sequence.detach_pt, 0.5, "device"), (Sequence.set_token, 0.5, "device"),
           (Sequence.reset_info, 2, "device"), (Sequence.hot_reset, 1.5, "device"),
           (Sequence.close, 10, "group"), (Sequence.duplicate, 3, "group"), (Sequence.fork, 2, None),
           (Sequence.hand_on, 3, "group"), (Sequence.exit, 3, None)]

PLACES = {
    "differ": Place(group_of=(0, 1, 2, 3, 3, 4, 2), ports=(0, 1, 2), native="e1000e", natives=(3, 6)),
    "differ-bypass": Place(group_of=(0, 1, -2, -3, -4, -5, -6), ports=(0, 2, 3), native="e1000e", natives=(4,)),
    "differ-vfs": Place(group_of=(0, 1, 2, 3, 4, 1, 1, 1), ports=(0, 1), native="nvme", natives=(2, 5),
                        physical={3: 2, 4: 2, 6: 5, 7: 5}, favourites=(2, 5), begin="begin_with_vfs",
                        actions=(("change_vfs", 10, None), ("set_token", 2, "device"))),
    "differ-plugs": Place(group_of=(0, 0, 1, 0, 0, 2, 2), ports=(0, 1, 2), native="e1000e", natives=(3, 5),
                          slots={0: (3,), 1: (4,), 2: (5, 6)}, begin="begin_with_slot",
                          actions=(("empty_slot", 8, None), ("fill_slot", 8, None))),
}

PLACES["differ-native"] = replace(PLACES["differ-plugs"], native_hotplug=True)


def main(draw):
    place, seed, count = PLACES[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 20
    for number in range(count):
        print(f"sequence {number}")
        # Each by its own lot, so that one can be drawn again without the rest.
        print("\n".join(draw(place, random.Random(f"{seed}.{number}"), steps).steps))


if __name__ == "__main__":
    main(Sequence)
