/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is seen of the model, as observe.c sees it of a kernel. */
#include "model.h"

struct iow_front_answer ask(struct model *m, struct iow_front_op op)
{
    struct iow_front_answer answer;

    (void)iow_front_ask(&m->front, &op, &answer);
    return answer;
}

bool is_file(const struct model *m, uint32_t fd)
{
    return fd != IOW_NONE && m->front.fds[fd].file != IOW_NONE && !m->front.fds[fd].map;
}

static const char *name_of_type(enum iow_domain_type type)
{
    switch (type) {
    case IOW_TYPE_DMA:
        return "DMA";
    case IOW_TYPE_DMA_FQ:
        return "DMA-FQ";
    case IOW_TYPE_IDENTITY:
        return "identity";
    default:
        return "unknown";
    }
}

static int open_without_rawio(struct model *m, uint32_t group)
{
    const struct iow_front_op open = {.call = IOW_FRONT_CALL_OPEN_GROUP, .group = group};
    int code;

    m->front.processes[0].no_rawio = true;
    code = iow_front_would(&m->front, &open);
    m->front.processes[0].no_rawio = false;
    return code;
}

static struct memory memory_of(const struct iow_front_group *group)
{
    struct iow_ownership is = iow_ownership_unpack(iow_dma_word(&group->dma));

    return (struct memory){.told = true,
        .count = is.claims + is.drivers,
        .owned = is.tag,
        .domain = is.kind == IOW_KIND_DEFAULT    ? 'd'
                  : is.kind == IOW_KIND_BLOCKING ? 'b'
                                                 : 't'};
}

static void see_groups(struct model *m, struct answer *ret)
{
    for (uint32_t i = 0; i < m->machine.n_groups; i++) {
        struct iow_front_seen_group seen = iow_front_see_group(&m->front, i);

        ret->type[i] = seen.members ? name_of_type(seen.type) : "-";
        ret->node[i] = (struct node){.there = seen.node,
            .open = seen.open,
            .flags = seen.claimed ? 0 : IOW_FRONT_VIABLE,
            .without_rawio = open_without_rawio(m, i)};
        if (m->machine.built[BUILT_MEMORY] && seen.members)
            ret->memory[i] = memory_of(&m->front.groups[i]);
    }
}

static void see_functions(struct model *m, struct answer *ret)
{
    for (uint32_t i = 0; i < m->machine.n_functions; i++) {
        struct iow_front_seen_function seen = iow_front_see_function(&m->front, i);

        ret->driver[i] = seen.driver == IOW_NONE ? "-" : driver_names[seen.driver];
        ret->cdev[i] = seen.cdev;
        ret->open_cdev[i] = seen.open_cdev;
        if (seen.group != IOW_NONE)
            ret->members[seen.group] |= 1u << i;
    }
}

static void see_held(struct model *m, struct answer *ret)
{
    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        for (unsigned s = 0; s < MOST_SLOTS; s++) {
            uint32_t fd = m->slots[p][s];
            struct iow_front_answer answer;

            if (!is_file(m, fd))
                continue;
            answer = ask(m, (struct iow_front_op){.call = IOW_FRONT_CALL_GET_STATUS, .process = p, .fd = fd});
            ret->held[p][s] = (struct status){.asked = true, .code = answer.code, .flags = answer.value};
        }
}

static void see_ended(struct model *m, struct answer *ret)
{
    struct iow_front_answer answer;
    uint32_t task;

    while (iow_front_ended(&m->front, &task, &answer)) {
        unsigned step = 0;

        while (m->tasks[step] != task)
            step++;
        ret->ended[ret->n_ended++] = (struct ended){.step = step, .code = answer.code};
    }
}

void observe(struct model *m, struct answer *ret)
{
    see_ended(m, ret);
    see_functions(m, ret);
    see_groups(m, ret);
    see_held(m, ret);
    order_ended(ret, m->steps, &m->machine);
}
