/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/audit.h"

#include <string.h>

/* The list has room for a power of two of records: it is full whenever n is one. */
void *iow_audit_append(struct iow_mem *mem, void **list, uint32_t *n, size_t size_bytes)
{
    if ((*n & (*n - 1)) == 0) {
        void *grown = iow_mem_alloc(mem, *n ? (size_t)*n * 2 : 1, size_bytes);

        if (!grown)
            return NULL;
        if (*n)
            memcpy(grown, *list, *n * size_bytes);
        *list = grown;
    }
    return (char *)*list + (*n)++ * size_bytes;
}
