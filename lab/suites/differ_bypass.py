# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where functions have no group."""

from differ import check

__all__ = ["check"]
