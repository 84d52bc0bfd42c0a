/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users of this machine. */
#ifndef IOWARD_CLI_USER_H
#define IOWARD_CLI_USER_H

#include "cli/host.h"

/* iow_user_number - decimal digits alone, and a number that a user can have; -IOW_EINVAL */
int iow_user_number(const char *text, uint32_t *ret);

/*
 * iow_user_asking - whoever is behind root: who called sudo, pkexec or doas; else this process's real user
 * In:      root   is this process root's?
 *          get    like getenv()
 */
uint32_t iow_user_asking(bool root, char *(*get)(const char *name));

/* iow_user_find - by name or number; text NULL: whoever asks. -IOW_ENOENT (IOW-EXEC-USER) */
int iow_user_find(const char *text, struct user *ret, struct iow_explain *reterr);

/* iow_user_name - the name in buf; NULL: it has none */
const char *iow_user_name(uint32_t uid, char buf[HOST_NAME]);

#endif
