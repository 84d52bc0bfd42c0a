/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct iow_survey_ops *const surveys[] = {
    &iow_survey_mounts,
    &iow_survey_network,
    &iow_survey_open,
};

#define N_SURVEYS (sizeof(surveys) / sizeof(surveys[0]))

static void no_memory(struct iow_search *search)
{
    iow_reader_fail(search->rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
}

uint32_t iow_search_function(const struct iow_search *search, const struct iow_address *address)
{
    uint32_t function = iow_facts_find_function(search->rd->facts, address);

    return function != IOW_NONE && search->wanted[function] ? function : IOW_NONE;
}

void iow_search_add(struct iow_search *search, const struct iow_use *use)
{
    struct iow_reader *rd = search->rd;
    struct iow_use *kept;

    if (search->uses.n >= IOW_MAX_USES) {
        iow_reader_fail(rd, -IOW_E2BIG, IOW_RULE_READ_TOO_MANY, NULL);
        return;
    }
    kept = iow_list_add(&search->uses, sizeof(*kept));
    if (!kept) {
        no_memory(search);
        return;
    }
    *kept = *use;
    kept->name = iow_reader_keep(rd, use->name, strlen(use->name));
    kept->by = use->by ? iow_reader_keep(rd, use->by, strlen(use->by)) : "";
}

void iow_search_unknown(struct iow_search *search, const char *path)
{
    const struct iow_subject machine = iow_subject_machine();
    const struct iow_facts *facts = search->rd->facts;

    for (uint32_t i = 0; i < facts->n_missing; i++) {
        const struct iow_missing *m = &facts->missing[i];

        if (m->rule == IOW_RULE_USE_UNKNOWN && m->path && strcmp(m->path, path) == 0)
            return;
    }
    iow_reader_missing(search->rd, IOW_RULE_USE_UNKNOWN, &machine, path);
}

void iow_search_failed(struct iow_search *search, int r, const char *path)
{
    if (r == -IOW_ENOMEM || r == -IOW_EBADMSG)
        iow_reader_failed(search->rd, r, NULL, path);
    else if (!iow_reader_gone(r))
        iow_search_unknown(search, path);
}

void iow_search_entry(struct iow_search *search, const char *folder, const char *name,
    void (*found)(void *ctx, const struct iow_address *address), void *ctx)
{
    struct iow_source *source = search->rd->source;
    char path[IOW_MAX_PATH], link[IOW_MAX_PATH];
    int r = iow_source_resolve(folder, name, path, sizeof(path));

    if (r == 0)
        r = source->ops->read_link(source, IOW_SOURCE_ROOT, path, link, sizeof(link));
    if (r >= 0)
        r = iow_reader_functions_of(search->rd, folder, link, found, ctx);
    if (r < 0 && r != -IOW_EINVAL)
        iow_search_failed(search, r, folder);
}

bool iow_device_number_parse(const char *text, uint64_t *ret)
{
    const char *colon = strchr(text, ':');
    uint64_t major, minor;

    if (!colon || iow_parse_number(text, (size_t)(colon - text), false, UINT32_MAX - 1, &major) < 0 ||
        iow_parse_number(colon + 1, strlen(colon + 1), false, UINT32_MAX - 1, &minor) < 0)
        return false;
    *ret = iow_device_number((uint32_t)major, (uint32_t)minor);
    return true;
}

const char *iow_device_number_format(uint64_t number, char buf[IOW_NUMBER_TEXT])
{
    snprintf(buf, IOW_NUMBER_TEXT, "%u:%u", (unsigned)(number >> 32), (unsigned)number);
    return buf;
}

void iow_survey_add(struct iow_survey *survey, json_object *item)
{
    if (!iow_json_append(survey->list, item))
        survey->r = -IOW_ENOMEM;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(a, b);
}

bool iow_survey_seen(void *const *seen, const char *text)
{
    return tfind(text, seen, compare_texts);
}

bool iow_survey_first_sight(struct iow_survey *survey, void **seen, const char *text)
{
    char *kept;

    if (iow_survey_seen(seen, text))
        return false;
    kept = strdup(text);
    if (kept && tsearch(kept, seen, compare_texts))
        return true;
    free(kept);
    survey->r = -IOW_ENOMEM;
    return false;
}

void iow_survey_forget(void *seen)
{
    tdestroy(seen, free);
}

static int see_process(void *ctx, const struct iow_process *process)
{
    struct iow_survey *survey = ctx;

    for (size_t i = 0; i < N_SURVEYS; i++) {
        surveys[i]->see(&survey[i], process);
        if (survey[i].r < 0)
            return survey[i].r;
    }
    return 0;
}

static int begin(struct iow_search *search, struct iow_survey survey[N_SURVEYS])
{
    int r = 0;

    for (size_t i = 0; i < N_SURVEYS; i++)
        survey[i] = (struct iow_survey){.search = search, .complete = true};
    for (size_t i = 0; i < N_SURVEYS && r == 0; i++) {
        survey[i].list = json_object_new_array();
        r = survey[i].list && surveys[i]->begin ? surveys[i]->begin(&survey[i]) : 0;
        if (!survey[i].list)
            r = -IOW_ENOMEM;
    }
    return r;
}

static void end(struct iow_survey survey[N_SURVEYS])
{
    for (size_t i = 0; i < N_SURVEYS; i++) {
        json_object_put(survey[i].list);
        surveys[i]->end(&survey[i]);
    }
}

static void take_answer(
    struct iow_search *search, const struct iow_survey_ops *ops, const struct iow_survey *survey)
{
    IOW_CLEANUP_FREE char *json = NULL;
    bool complete;
    size_t len;

    if (iow_probe_print(&ops->probe, survey->list, survey->complete, &json, &len) < 0)
        no_memory(search);
    else if (iow_probe_replay(search->rd, &ops->probe, search, json, len, &complete) && !complete)
        iow_search_unknown(search, "proc");
}

static void ask_live(struct iow_search *search)
{
    struct iow_survey survey[N_SURVEYS];
    bool seen_all = true;
    int r = begin(search, survey);

    if (r == 0)
        r = iow_processes_visit(search->rd->source->root_fd, see_process, survey, &seen_all);
    for (size_t i = 0; i < N_SURVEYS && r == 0; i++) {
        if (surveys[i]->finish)
            surveys[i]->finish(&survey[i]);
        r = survey[i].r;
    }
    if (r < 0)
        iow_reader_fail(
            search->rd, r, r == -IOW_ENOMEM ? IOW_RULE_READ_NO_MEMORY : IOW_RULE_READ_FAILED, "proc");
    for (size_t i = 0; i < N_SURVEYS && !search->rd->fatal; i++) {
        survey[i].complete = survey[i].complete && seen_all;
        take_answer(search, surveys[i], &survey[i]);
    }
    end(survey);
}

static void replay_stored(struct iow_search *search)
{
    for (size_t i = 0; i < N_SURVEYS && !search->rd->fatal; i++) {
        const struct iow_probe *probe = &surveys[i]->probe;
        bool complete = false;
        char path[IOW_WORD];

        (void)iow_probe_replay_stored(search->rd, probe, search, &complete);
        if (!search->rd->fatal && !complete)
            iow_search_unknown(search, iow_probe_path(probe, path));
    }
}

/* Consoles and swap space are files; whether a disk is free is asked last, of what nothing else explains. */
static void look(struct iow_search *search)
{
    struct iow_reader *rd = search->rd;

    iow_search_disks(search);
    if (!rd->fatal)
        iow_search_swaps(search);
    if (!rd->fatal)
        iow_search_exports(search);
    if (!rd->fatal)
        iow_search_consoles(search);
    if (!rd->fatal && rd->source->provenance == IOW_FROM_LIVE)
        ask_live(search);
    else if (!rd->fatal)
        replay_stored(search);
    if (!rd->fatal)
        iow_search_hidden_interfaces(search);
    if (!rd->fatal)
        iow_search_exclusive(search);
    if (!rd->fatal && iow_facts_set_uses(rd->facts, &search->uses) < 0)
        no_memory(search);
}

/* Returns how many are asked about that were not before; -IOW_ENOENT. */
static int mark_wanted(const struct iow_facts *facts, const uint32_t *functions, uint32_t n, bool *wanted)
{
    int n_new = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (functions[i] >= facts->n_functions)
            return -IOW_ENOENT;
        if (facts->functions[functions[i]].known & IOW_FUNCTION_USES || wanted[functions[i]])
            continue;
        wanted[functions[i]] = true;
        n_new++;
    }
    return n_new;
}

int iow_facts_read_uses(struct iow_source *source, struct iow_facts *facts, const uint32_t *functions,
    uint32_t n, struct iow_explain *reterr)
{
    IOW_CLEANUP_FREE bool *wanted = calloc(facts->n_functions + 1, sizeof(*wanted));
    IOW_CLEANUP_FREE bool *networked = calloc(facts->n_functions + 1, sizeof(*networked));
    struct iow_reader rd = {.source = source, .facts = facts, .reterr = reterr};
    struct iow_search search = {.rd = &rd, .wanted = wanted, .networked = networked};
    int r;

    if (!wanted || !networked)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    r = mark_wanted(facts, functions, n, wanted);
    if (r < 0)
        return iow_explain(reterr, r, IOW_RULE_NONE);
    if (r > 0)
        look(&search);
    for (uint32_t i = 0; i < facts->n_functions && !rd.fatal; i++)
        if (wanted[i])
            facts->functions[i].known |= IOW_FUNCTION_USES;
    iow_list_done(&search.disks);
    iow_list_done(&search.uses);
    return rd.fatal;
}
