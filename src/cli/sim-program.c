/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/sim-program.h"

#include "base/cleanup.h"
#include "host/sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int iow_sim_program_supervisor(struct host *host, struct iow_effort *ret, struct iow_explain *reterr)
{
    (void)host;
    (void)reterr;
    *ret = (struct iow_effort){0};
    return 0;
}

struct program {
    struct iow_sim *sim;
    const char *name;
    unsigned pid; /* 0: has nothing open */
};

/* 0, or -errno of the simulated Linux. */
static int open_device(struct program *program, const struct iow_address *address, uint32_t uid)
{
    IOW_CLEANUP_FREE char *line = NULL, *answer = NULL;
    char name[IOW_ADDRESS_TEXT];
    int r;

    (void)iow_address_format(address, name);
    if ((program->pid ? asprintf(&line, "also %u %s", program->pid, name)
                      : asprintf(&line, "open %s %s %" PRIu32, name, program->name, uid)) < 0)
        return -IOW_ENOMEM;
    r = iow_sim_command(program->sim, line, &answer, NULL);
    if (r < 0)
        (void)printf("%s: %s: %s\n", program->name, name, strerror(-r));
    else if (!program->pid && sscanf(answer ? answer : "", "process %u", &program->pid) == 1)
        (void)printf("%s (process %u) has %s open\n", program->name, program->pid, name);
    else
        (void)printf("%s (process %u) has %s open too\n", program->name, program->pid, name);
    return r;
}

static void end(struct program *program)
{
    IOW_CLEANUP_FREE char *line = NULL, *answer = NULL;

    if (!program->pid)
        return;
    if (asprintf(&line, "close %u", program->pid) < 0)
        line = NULL;
    if (line)
        (void)iow_sim_command(program->sim, line, &answer, NULL);
    (void)printf("%s ends\n", program->name);
}

int iow_sim_program_run(struct host *host, struct host_command *command, struct iow_explain *reterr)
{
    struct program program = {.sim = host->sim, .name = command->argv[0]};
    const struct iow_plan *plan = command->plan;
    int r = 0;

    (void)reterr;
    for (uint32_t i = 0; i < plan->n_members && r >= 0; i++) {
        const struct iow_plan_member *m = &plan->members[i];

        if (m->role == IOW_MEMBER_ASKED || m->role == IOW_MEMBER_COMPANION)
            r = open_device(
                &program, &iow_facts_function_at(command->facts, m->function)->address, command->user->uid);
    }
    if (r < 0 || strcmp(program.name, "hold") != 0)
        end(&program);
    return r < 0;
}
