/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "simulated.h"

#include "host/linux/source.h"

char *read_topology(const char *name)
{
    char path[512], *text = calloc(1, 1 << 16);
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.json", IOW_TOPOLOGIES, name);
    file = fopen(path, "re");
    if (!file)
        fail_msg("no topology %s", path);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

struct iow_sim *boot(const char *topology, const char *release)
{
    char *text = read_topology(topology);
    struct iow_explain why = {0};
    struct iow_sim *sim = NULL;

    if (iow_sim_new(text, release, &sim, &why) < 0)
        fail_msg("%s: %s", topology, why.text);
    free(text);
    return sim;
}

int command_of(struct iow_sim *sim, char **ret_answer, const char *format, va_list args)
{
    struct iow_explain why = {0};
    char line[512], *answer = NULL;
    int r;

    vsnprintf(line, sizeof(line), format, args);
    r = iow_sim_command(sim, line, &answer, &why);
    if (why.rule == IOW_RULE_SIM_COMMAND)
        fail_msg("%s: %s", line, why.text);
    if (ret_answer)
        *ret_answer = answer;
    else
        free(answer);
    return r;
}

int try(struct iow_sim *sim, const char *format, ...)
{
    va_list args;
    int r;

    va_start(args, format);
    r = command_of(sim, NULL, format, args);
    va_end(args);
    return r;
}

void must(struct iow_sim *sim, const char *format, ...)
{
    va_list args;
    int r;

    va_start(args, format);
    r = command_of(sim, NULL, format, args);
    va_end(args);
    if (r != 0)
        fail_msg("%s: %d", format, r);
}

unsigned must_number(struct iow_sim *sim, const char *format, ...)
{
    unsigned number = 0;
    char *answer;
    va_list args;
    int r;

    va_start(args, format);
    r = command_of(sim, &answer, format, args);
    va_end(args);
    if (r != 0 || sscanf(answer, "process %u", &number) != 1)
        fail_msg("%s: %d", format, r);
    free(answer);
    return number;
}

void must_say(struct iow_sim *sim, const char *line, const char *wanted)
{
    char *answer = NULL;

    if (iow_sim_command(sim, line, &answer, NULL) != 0)
        fail_msg("%s: %s", line, answer ? answer : "no such command");
    assert_string_equal(answer, wanted);
    free(answer);
}

struct iow_step step(enum iow_step_kind kind, const char *address, const char *before, const char *after)
{
    struct iow_step s = {.kind = kind, .before = before, .after = after};

    if (address)
        assert_int_equal(iow_address_parse(address, strlen(address), &s.function), 0);
    return s;
}

struct iow_step step_give(uint32_t group, const char *before, const char *after)
{
    return (struct iow_step){.kind = IOW_STEP_GIVE, .group = group, .before = before, .after = after};
}

int act(struct iow_sim *sim, const struct iow_step *s, struct iow_effort *effort)
{
    struct iow_actor *actor = iow_sim_actor(sim);
    struct iow_effort mine;
    int r = actor->ops->prepare(actor, s, effort ? effort : &mine);

    return r < 0 ? r : actor->ops->act(actor, 1000000);
}

int act_on(
    struct iow_sim *sim, enum iow_step_kind kind, const char *address, const char *before, const char *after)
{
    struct iow_step s = step(kind, address, before, after);

    return act(sim, &s, NULL);
}

int seen(struct iow_sim *sim, enum iow_step_kind kind, const char *address, char value[IOW_VALUE_BYTES])
{
    struct iow_step s = step(kind, address, "", "");

    return iow_sim_actor(sim)->ops->observe(iow_sim_actor(sim), &s, value);
}

void assert_seen(struct iow_sim *sim, enum iow_step_kind kind, const char *address, const char *wanted)
{
    char value[IOW_VALUE_BYTES];

    assert_int_equal(seen(sim, kind, address, value), 0);
    assert_string_equal(value, wanted);
}

struct iow_facts *read_facts(struct iow_sim *sim, struct iow_source **ret_source)
{
    struct iow_actor *actor = iow_sim_actor(sim);
    struct iow_explain why = {0};
    struct iow_facts *facts;
    struct iow_source *source;

    assert_int_equal(actor->ops->open_source(actor, &source, &why), 0);
    if (iow_facts_read(source, IOW_READ_ALL, &facts, &why) < 0)
        fail_msg("reading: %s %s", iow_rule_id(why.rule), why.text);
    if (ret_source)
        *ret_source = source;
    else
        iow_source_close(source);
    return facts;
}

const struct iow_function *fact_of(const struct iow_facts *facts, const char *address)
{
    struct iow_address parsed;

    assert_int_equal(iow_address_parse(address, strlen(address), &parsed), 0);
    return iow_facts_function_at(facts, iow_facts_find_function(facts, &parsed));
}
