/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/analysis.h>

/*
 * Each function joined the group of one other, or opened one: the memberships of a predicted set form a tree.
 * Two of its members are linked by the way from one up to their common ancestor and down to the other.
 */
static uint32_t joined(const struct iow_analysis *a, uint32_t i)
{
    return a->partition->reason[i].joined;
}

static uint32_t depth(const struct iow_analysis *a, uint32_t i)
{
    uint32_t n = 0;

    for (; joined(a, i) != IOW_NONE; i = joined(a, i))
        n++;
    return n;
}

static uint32_t common_ancestor(const struct iow_analysis *a, uint32_t x, uint32_t y)
{
    uint32_t depth_x = depth(a, x), depth_y = depth(a, y);

    for (; depth_x > depth_y; depth_x--)
        x = joined(a, x);
    for (; depth_y > depth_x; depth_y--)
        y = joined(a, y);
    while (x != y) {
        x = joined(a, x);
        y = joined(a, y);
    }
    return x;
}

int iow_explain_pair(const struct iow_analysis *analysis, uint32_t a, uint32_t b, struct iow_mem *mem,
    const struct iow_link **ret, uint32_t *ret_n)
{
    const struct iow_partition *p = analysis->partition;
    uint32_t top, up, down, n = 0;
    struct iow_link *links;

    *ret = NULL;
    *ret_n = 0;
    if (a == b || p->set[a] == IOW_NONE || p->set[a] != p->set[b])
        return 0;
    top = common_ancestor(analysis, a, b);
    up = depth(analysis, a) - depth(analysis, top);
    down = depth(analysis, b) - depth(analysis, top);
    links = iow_mem_alloc(mem, up + down, sizeof(*links));
    if (!links)
        return -IOW_ENOMEM;
    for (uint32_t i = a; i != top; i = joined(analysis, i))
        links[n++] = (struct iow_link){.from = i, .to = joined(analysis, i), .reason = p->reason[i]};
    n = up + down;
    for (uint32_t i = b; i != top; i = joined(analysis, i))
        links[--n] = (struct iow_link){.from = i, .to = joined(analysis, i), .reason = p->reason[i]};
    *ret = links;
    *ret_n = up + down;
    return 0;
}
