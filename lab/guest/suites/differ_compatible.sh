# SPDX-License-Identifier: GPL-2.0-or-later
# As differ, with an iommufd in the place of the container.
mount --bind /dev/iommu /dev/vfio/vfio
export COMPATIBLE=1
. "$guest/suites/differ.sh"
umount /dev/vfio/vfio
