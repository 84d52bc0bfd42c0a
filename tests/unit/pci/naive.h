/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grouping rule a second time, as plainly as it can be said, to compare the real one with. */
#ifndef IOWARD_TESTS_PCI_NAIVE_H
#define IOWARD_TESTS_PCI_NAIVE_H

#include <ioward/grouping.h>

/* Fills set[] of n nodes; numbers are arbitrary, equal means together. */
void naive_partition(const struct iow_topology *topology, uint32_t *set);

#endif
