# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", where virtual functions come and go."""

from differ import check

__all__ = ["check"]
