# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where slots are emptied and filled from outside, and cards pulled."""

from differ import check

__all__ = ["check"]
