# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's own kernels: which there are, and what is configured in each (lab/kernels.d)."""

import hashlib
import re
from pathlib import Path

FRAGMENTS = Path(__file__).resolve().parent / "kernels.d"

# A later fragment's line replaces an earlier one's.
FLAVOURS = {
    "6.12-iommufd": ("6.12-iommufd.config",),
    "6.12-debug": ("6.12-iommufd.config", "6.12-debug.config"),
}

OPTION = re.compile(r"(CONFIG_\w+)=(.+)")


def wanted(flavour):
    """Its options and their values; all that is not named is off."""
    options = {}
    for fragment in FLAVOURS[flavour]:
        options |= options_in(FRAGMENTS / fragment)
    return options


def options_in(path):
    return dict(match.groups() for line in path.read_text().splitlines() if (match := OPTION.fullmatch(line)))


def as_text(options):
    return "".join(f"{option}={value}\n" for option, value in options.items())


def digest(flavour):
    """Another one means another kernel; a comment does not."""
    return hashlib.sha256(as_text(wanted(flavour)).encode()).hexdigest()


def lost(flavour, configuration):
    """What the kernel's own rules did not let through, each as "WANTED, but VALUE"."""
    made = options_in(configuration)
    return [f"{option}={value}, but {made.get(option, 'n')}" for option, value in wanted(flavour).items()
            if made.get(option, "n") != value]
