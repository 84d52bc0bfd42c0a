# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where functions have no group."""

from suites.differ import check, stopped

__all__ = ["check", "stopped"]
