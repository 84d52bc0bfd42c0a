#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""As generate.py, for kernels with IOMMUFD, a file for each VFIO device, and VFIO's driver built in. With COMPATIBLE=1
in the environment the container's node is an iommufd's."""

import os
import sys

sys.dont_write_bytecode = True

import generate
from generate import Sequence


class Objects:
    """What an iommufd has, by number, as the kernel numbers them: the lowest that is free."""

    def __init__(self):
        self.kinds = {}  # "space", "table" or "device"
        self.tables = {}  # of a space

    def new(self, kind):
        number = next(number for number in range(1, 100) if number not in self.kinds)
        self.kinds[number] = kind
        return number

    def drop(self, number):
        self.kinds.pop(number, None)

    def attach(self, number):
        if self.kinds.get(number) == "space" and number not in self.tables:
            self.tables[number] = self.new("table")


class IommufdSequence(Sequence):
    modules = ["pci-stub", "uio_pci_generic"]
    compatible = "COMPATIBLE" in os.environ

    def __init__(self, *arguments):
        self.bound = {}  # by function: the objects of its iommufd
        super().__init__(*arguments)

    def begin(self):
        if self.place.begin != "begin_with_user" or self.lot.random() < 0.5:
            super().begin()
        elif self.lot.random() < 0.8:
            self.use_cdev()

    def common_actions(self):
        return ACTIONS

    def first_for(self, kind):
        if kind in ("cdev", "iommufd"):
            return getattr(IommufdSequence, {"cdev": "use_cdev", "iommufd": "open_iommufd"}[kind])
        return IommufdSequence.use_cdev if kind == "device" and self.lot.random() < 0.4 else Sequence.use_group

    def is_a(self, what, kind):
        """Most calls of a device are for either kind of file, and an iommufd is a container too."""
        return what == kind or (what, kind) in (("cdev", "device"), ("iommufd", "container"))

    def objects(self, slot):
        of = self.table().get(slot, (None, None))[1]
        return of if isinstance(of, Objects) else Objects()

    def number(self, objects, *kinds):
        fits = [number for number, kind in objects.kinds.items() if kind in kinds]
        return self.lot.choice(fits) if fits and self.lot.random() < 0.9 else self.lot.choice([0, 1, 2, 3, 4, 999])

    def open_iommufd(self, word="iommufd"):
        slot = self.empty()
        self.table()[slot] = ("iommufd", Objects())
        self.say(word, slot)
        return slot

    def open_container(self):
        if self.place.is_bare:
            return self.open_iommufd()
        if self.compatible:
            return self.open_iommufd("container")
        if self.all_of("iommufd") and self.lot.random() < 0.4:
            return self.slot("iommufd")
        return self.open_iommufd() if self.lot.random() < 0.4 else super().open_container()

    def open_cdev(self, function=None):
        function, slot = self.held() if function is None else function, self.empty()
        self.table().setdefault(slot, ("cdev", function))
        self.say("cdev", function, slot)
        return slot

    def use_cdev(self):
        """Of a function that has vfio-pci, or now gets it; most often bound, and then attached."""
        function = self.held()
        if self.driver.get(function) != "vfio-pci":
            self.give("vfio-pci", function)
        cdev = self.open_cdev(function)
        fits = self.all_of("iommufd")
        iommufd = self.lot.choice(fits) if fits and self.lot.random() < 0.7 else self.open_iommufd()
        if self.lot.random() < 0.9:
            self.bind_iommufd(cdev, iommufd)
        if self.lot.random() < 0.6:
            self.new_ioas(iommufd)
            self.attach_pt(cdev)

    def bind_iommufd(self, cdev=None, iommufd=None):
        cdev = self.slot("cdev" if self.lot.random() < 0.95 else "device") if cdev is None else cdev
        iommufd = self.slot("iommufd" if self.lot.random() < 0.95 else "container") if iommufd is None else iommufd
        what, function = self.table().get(cdev, (None, None))
        if what == "cdev" and function not in self.bound:
            self.bound[function] = self.objects(iommufd)
            self.bound[function].new("device")
        self.say(*self.manner("unreadable", "malformed"), "bind_iommufd", cdev, iommufd)

    def attach_pt(self, cdev=None):
        cdev = self.slot("cdev" if self.lot.random() < 0.95 else "device") if cdev is None else cdev
        objects = self.bound.get(self.table().get(cdev, (None, None))[1], Objects())
        number = self.number(objects, *self.lot.choices([("space",), ("table",), ("device",)], [8, 2, 1])[0])
        objects.attach(number)
        self.say(*self.manner("unreadable", "malformed"), "attach_pt", cdev, number)

    def detach_pt(self):
        self.say(*self.manner("unreadable", "malformed"), "detach_pt",
                 self.slot("cdev" if self.lot.random() < 0.95 else "device"))

    def new_ioas(self, iommufd=None):
        iommufd = self.slot("iommufd") if iommufd is None else iommufd
        self.objects(iommufd).new("space")
        self.say(*self.manner("unreadable", "malformed"), "new_ioas", iommufd)

    def destroy(self):
        iommufd = self.slot("iommufd")
        number = self.number(self.objects(iommufd), *self.lot.choices([("space",), ("table", "device")], [4, 1])[0])
        self.objects(iommufd).drop(number)
        self.say(*self.manner("unreadable", "malformed"), "destroy", iommufd, number)

    def map_interrupts(self):
        iommufd = self.slot("iommufd")
        self.say(*self.manner("unreadable", "malformed"), "map_interrupts", iommufd,
                 self.number(self.objects(iommufd), "space"))

    def hot_reset(self):
        device = self.slot("device")
        by_group = self.table().get(device, (None, None))[0] != "cdev"
        if self.lot.random() < 0.1:
            by_group = not by_group
        self.say(*self.manner("unreadable", "malformed"), "hot_reset", device, self.slot("group"),
                 self.lot.choices([1, 2, 3], [6, 1, 1])[0] if by_group else 0)

    def close(self, kind=None):
        kinds = ["group", "group", "container", "device", "device", "cdev", "iommufd"]
        slot = self.slot(kind or self.lot.choice(kinds))
        what, of = self.table().pop(slot, (None, None))
        if what == "cdev":
            self.bound.pop(of, None)
        self.say("close", slot)


class ContainerSequence(Sequence):
    modules = IommufdSequence.modules


def draw(place, lot, length):
    """Nobody claims a group without IOMMU, so it can have a container while a device is open that was opened by an
    iommufd, or the other way round. The kernel then drops a reference that it never took."""
    by_container = place.is_bare and lot.random() < 0.5
    return (ContainerSequence if by_container else IommufdSequence)(place, lot, length)


# Theirs, but for those that this class has in their stead, and its own.
ACTIONS = ([(getattr(IommufdSequence, action.__name__), weight, kind) for action, weight, kind in generate.ACTIONS
            if action.__name__ not in ("bind_iommufd", "attach_pt", "detach_pt")] +
           [(IommufdSequence.open_iommufd, 2, None), (IommufdSequence.open_cdev, 6, None),
            (IommufdSequence.use_cdev, 12, None), (IommufdSequence.bind_iommufd, 8, "cdev"),
            (IommufdSequence.new_ioas, 4, "iommufd"), (IommufdSequence.attach_pt, 10, "cdev"),
            (IommufdSequence.detach_pt, 3, "cdev"), (IommufdSequence.destroy, 3, "iommufd"),
            (IommufdSequence.map_interrupts, 2, "iommufd")])


if __name__ == "__main__":
    generate.main(draw)
