/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk a second time, as plainly as it can be said: every fate that a request may meet. */
#ifndef IOWARD_TESTS_PCI_NAIVE_ROUTE_H
#define IOWARD_TESTS_PCI_NAIVE_ROUTE_H

#include <ioward/route.h>

enum naive_fate {
    NAIVE_ARRIVES = 1,
    NAIVE_IF_ROOT_COMPLEX = 2,
    NAIVE_IOMMU = 4,
    NAIVE_NOWHERE = 8,
    NAIVE_UNKNOWN = 16,
};

/* For trees of ports, switches, devices of several functions and conventional bridges; everything read and switched on,
 * address in the registers of b. Returns all NAIVE_... that may be. */
unsigned naive_fates(const struct iow_topology *t, uint32_t a, uint32_t b, uint64_t address, bool translated);

#endif
