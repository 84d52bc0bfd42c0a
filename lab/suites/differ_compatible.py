# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", with an iommufd in the place of the container, for the model as well."""

from suites.differ import check, stopped

__all__ = ["check", "stopped"]
