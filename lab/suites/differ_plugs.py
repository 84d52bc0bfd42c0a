# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where slots are emptied and filled from outside."""

from suites.differ import check, stopped

__all__ = ["check", "stopped"]
