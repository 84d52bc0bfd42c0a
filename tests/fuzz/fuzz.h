/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fuzz target is: libFuzzer's entry, or that of replay.c over the files of a corpus. */
#ifndef IOWARD_TESTS_FUZZ_H
#define IOWARD_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program when what a target promises does not hold; assert() may be compiled out. */
#define FUZZ_REQUIRE(condition) ((condition) ? (void)0 : __builtin_trap())

#endif
