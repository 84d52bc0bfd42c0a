/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines as text, so that a fuzzer comes to deep states without having to learn what an archive is. One
 * file a line, malformed lines and lines that do not fit are skipped:
 *
 *   PATH <tab> T <tab> TEXT          a file
 *   PATH <tab> F <tab> HEX           a file
 *   PATH <tab> C <tab> OFFSET HEX ...  config space of 256 bytes, 4096 where an offset is 100h or more; zeros
 * but for the HEX PATH <tab> L <tab> TARGET        a link PATH <tab> D                     a folder PATH
 * <tab> E                     a file that may not be read
 */
#ifndef IOWARD_TESTS_FUZZ_TREE_H
#define IOWARD_TESTS_FUZZ_TREE_H

#include "host/linux/memory.h"

/* Adds what the text says to a source in memory. */
void fuzz_tree(struct iow_source *source, const char *text, size_t len);

#endif
