/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading, attaching, handing out. Nothing is pinned: what was attached goes with the last descriptor of it, also
 * when this process is killed.
 */
#include "host/linux/bpf/watch.h"

#include "base/explain.h"
#include "decide.skel.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define TYPES "/sys/kernel/btf/vmlinux"
#define TRACEPOINT "tp_btf"
#define N_PROGRAMS (2 * IOW_DECISION__COUNT)

struct iow_watch {
    struct decide *decide;
    struct ring_buffer *ring;
    struct bpf_link *links[N_PROGRAMS];
    unsigned n_links, n_gaps;
    struct iow_watch_gap gaps[IOW_DECISION__COUNT];
    int (*found)(void *ctx, const struct iow_decision *decision);
    void *ctx;
};

static const struct {
    const char *function, *purpose;
    bool always;
} deciders[] = {
#define DECIDER(name, function, purpose, always) {function, purpose, always},
    IOW_DECISION_LIST(DECIDER)
#undef DECIDER
};

/* --- what this kernel has --- */

/* What a program stands at: what follows the stroke in its section's name. */
static const char *function_of(const struct bpf_program *program)
{
    return strchr(bpf_program__section_name(program), '/') + 1;
}

/* Each program stands at a function of the list. */
static unsigned decider_of(const struct bpf_program *program)
{
    unsigned i = 0;

    while (strcmp(deciders[i].function, function_of(program)) != 0)
        i++;
    return i;
}

static bool stands_at_tracepoint(const struct bpf_program *program)
{
    return strncmp(bpf_program__section_name(program), TRACEPOINT, strlen(TRACEPOINT)) == 0;
}

static bool kernel_has(const struct btf *types, const struct bpf_program *program)
{
    char name[64] = "btf_trace_";

    if (!stands_at_tracepoint(program))
        return btf__find_by_name_kind(types, function_of(program), BTF_KIND_FUNC) >= 0;
    (void)strncat(name, function_of(program), sizeof(name) - strlen(name) - 1);
    return btf__find_by_name_kind(types, name, BTF_KIND_TYPEDEF) >= 0;
}

/* Once for each function, whichever of its programs found out. */
static void add_gap(struct iow_watch *watch, unsigned decider, int error)
{
    for (unsigned i = 0; i < watch->n_gaps; i++)
        if (watch->gaps[i].function == deciders[decider].function)
            return;
    watch->gaps[watch->n_gaps++] = (struct iow_watch_gap){
        .function = deciders[decider].function, .purpose = deciders[decider].purpose, .error = error};
}

/* A function that came with a newer kernel decides nothing on an older one. */
static void leave_out(struct iow_watch *watch, struct decide *decide, const struct btf *types)
{
    struct bpf_program *program;

    bpf_object__for_each_program(program, decide->obj)
    {
        unsigned decider = decider_of(program);

        if (kernel_has(types, program))
            continue;
        (void)bpf_program__set_autoload(program, false);
        if (deciders[decider].always)
            add_gap(watch, decider, 0);
    }
}

/* --- the programs --- */

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
    (void)level;
    (void)format;
    (void)args;
    return 0;
}

static int load(struct iow_watch *watch, const struct btf *types, bool may_follow)
{
    struct decide *decide = decide__open();
    int r;

    if (!decide)
        return -errno;
    watch->n_gaps = 0;
    leave_out(watch, decide, types);
    decide->rodata->may_follow = may_follow;
    r = getrandom(decide->rodata->token_key, sizeof(decide->rodata->token_key), 0) < 0 ? -errno
                                                                                       : decide__load(decide);
    if (r < 0) {
        decide__destroy(decide);
        return r;
    }
    watch->decide = decide;
    return 0;
}

/* What cannot be attached is not seen, and said so; without anything there is nothing to watch. */
static int attach(struct iow_watch *watch)
{
    struct bpf_program *program;
    int r = -IOW_ENOENT;

    bpf_object__for_each_program(program, watch->decide->obj)
    {
        struct bpf_link *link = bpf_program__autoload(program) ? bpf_program__attach(program) : NULL;

        if (link)
            watch->links[watch->n_links++] = link;
        else if (bpf_program__autoload(program))
            add_gap(watch, decider_of(program), r = -errno);
    }
    return watch->n_links ? 0 : r;
}

static int hand_out(void *ctx, void *data, size_t size)
{
    struct iow_watch *watch = ctx;

    (void)size;
    return watch->found(watch->ctx, data);
}

static int begin(struct iow_watch *watch, const struct btf *types)
{
    int r = load(watch, types, true);

    if (r < 0)
        r = load(watch, types, false);
    if (r < 0)
        return r;
    watch->ring = ring_buffer__new(bpf_map__fd(watch->decide->maps.decisions), hand_out, watch, NULL);
    return watch->ring ? attach(watch) : -errno;
}

static int open_with(struct btf *types, struct iow_watch **ret, struct iow_explain *reterr)
{
    struct iow_watch *watch;
    int r;

    if (btf__find_by_name_kind(types, "iommu_group", BTF_KIND_STRUCT) < 0)
        return iow_explain_text(reterr, -IOW_EOPNOTSUPP, IOW_RULE_TRACE_LACKS, "iommu_group");
    watch = calloc(1, sizeof(*watch));
    if (!watch)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    (void)libbpf_set_print(silent);
    r = begin(watch, types);
    if (r < 0) {
        iow_watch_close(&watch);
        return iow_explain_text(reterr, r, IOW_RULE_TRACE_REFUSED, iow_error_name(r));
    }
    *ret = watch;
    return 0;
}

int iow_watch_open(struct iow_watch **ret, struct iow_explain *reterr)
{
    struct btf *types;
    int r;

    *ret = NULL;
    if (geteuid() != 0)
        return iow_explain(reterr, -IOW_EPERM, IOW_RULE_TRACE_PRIVILEGE);
    types = btf__load_vmlinux_btf();
    if (!types)
        return iow_explain_text(reterr, -IOW_EOPNOTSUPP, IOW_RULE_TRACE_TYPES, TYPES);
    r = open_with(types, ret, reterr);
    btf__free(types);
    return r;
}

void iow_watch_close(struct iow_watch **watch)
{
    struct iow_watch *w = *watch;

    if (!w)
        return;
    for (unsigned i = 0; i < w->n_links; i++)
        (void)bpf_link__destroy(w->links[i]);
    ring_buffer__free(w->ring);
    decide__destroy(w->decide);
    free(w);
    *watch = NULL;
}

/* --- what they see --- */

const struct iow_watch_gap *iow_watch_gap_at(const struct iow_watch *watch, unsigned i)
{
    return i < watch->n_gaps ? &watch->gaps[i] : NULL;
}

bool iow_watch_names(const struct iow_watch *watch)
{
    return watch->decide->rodata->may_follow;
}

int iow_watch_wait(struct iow_watch *watch, int milliseconds,
    int (*found)(void *ctx, const struct iow_decision *decision), void *ctx)
{
    int r;

    watch->found = found;
    watch->ctx = ctx;
    r = ring_buffer__poll(watch->ring, milliseconds);
    return r >= 0 || r == -EINTR ? 0 : r;
}

/* The kernel leaves a program out that is running on that processor already. */
static uint64_t missed_by(const struct bpf_program *program)
{
    struct bpf_prog_info info = {0};
    uint32_t size = sizeof(info);

    if (!bpf_program__autoload(program) || bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) < 0)
        return 0;
    return info.recursion_misses;
}

uint64_t iow_watch_lost(const struct iow_watch *watch)
{
    struct bpf_program *program;
    uint64_t lost = __atomic_load_n(&watch->decide->bss->n_lost, __ATOMIC_RELAXED);

    bpf_object__for_each_program(program, watch->decide->obj) lost += missed_by(program);
    return lost;
}
