# SPDX-License-Identifier: GPL-2.0-or-later
"""As "differ", with an iommufd in the place of the container, for the model as well."""

from differ import check

__all__ = ["check"]
