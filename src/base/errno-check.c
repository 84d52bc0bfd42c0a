/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hosted builds check that the library's error numbers are Linux's. */
#include <ioward/error.h>

#include <assert.h>
#include <errno.h>

static_assert((int)IOW_EPERM == EPERM, "EPERM");
static_assert((int)IOW_ENOENT == ENOENT, "ENOENT");
static_assert((int)IOW_EIO == EIO, "EIO");
static_assert((int)IOW_E2BIG == E2BIG, "E2BIG");
static_assert((int)IOW_ENOMEM == ENOMEM, "ENOMEM");
static_assert((int)IOW_EACCES == EACCES, "EACCES");
static_assert((int)IOW_ENODEV == ENODEV, "ENODEV");
static_assert((int)IOW_EINVAL == EINVAL, "EINVAL");
static_assert((int)IOW_ELOOP == ELOOP, "ELOOP");
static_assert((int)IOW_EBADMSG == EBADMSG, "EBADMSG");
static_assert((int)IOW_EOPNOTSUPP == EOPNOTSUPP, "EOPNOTSUPP");
static_assert((int)IOW_EINTR == EINTR, "EINTR");
static_assert((int)IOW_EBUSY == EBUSY, "EBUSY");
static_assert((int)IOW_EEXIST == EEXIST, "EEXIST");
static_assert((int)IOW_ETIMEDOUT == ETIMEDOUT, "ETIMEDOUT");
static_assert((int)IOW_EINPROGRESS == EINPROGRESS, "EINPROGRESS");
static_assert((int)IOW_ESTALE == ESTALE, "ESTALE");
