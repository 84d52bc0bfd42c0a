/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

static void with_a_module(struct scene *s)
{
    s->module[0] = "ib_uverbs";
    s->facts.machine.n_modules = 1;
}

static void with_memory_for_others(struct scene *s)
{
    s->function[CARD].peer_memory = true;
}

const struct audit_case peer_cases[] = {
    {IOW_RULE_REM_PEER_MODULE, with_a_module, as_it_is, surroundings_unread},
    {IOW_RULE_REM_PEER_MEMORY, with_memory_for_others, with_a_module, surroundings_unread},
    {0},
};
