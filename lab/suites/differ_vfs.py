# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where virtual functions come and go."""

from suites.differ import check, stopped

__all__ = ["check", "stopped"]
