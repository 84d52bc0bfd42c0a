/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/build.h"
#include <ioward/topology.h>

static struct iow_address at(const char *text)
{
    struct iow_address address;

    assert_int_equal(iow_address_parse(text, strlen(text), &address), 0);
    return address;
}

static struct iow_built_function *add(struct iow_facts_builder *b, const char *text)
{
    struct iow_address address = at(text);
    struct iow_built_function *built;

    assert_int_equal(iow_facts_add_function(b, &address, &built), 0);
    return built;
}

static struct iow_link_to link_to(const char *text)
{
    return (struct iow_link_to){.set = true, .address = at(text)};
}

static struct iow_facts *finish(struct iow_facts_builder *b)
{
    struct iow_facts *facts;

    assert_int_equal(iow_facts_finish(b, &facts, NULL), 0);
    iow_facts_builder_done(b);
    return facts;
}

static void records_end_up_sorted_and_links_are_positions(void **state)
{
    struct iow_facts_builder b;
    struct iow_built_function *f;
    struct iow_facts *facts;
    struct iow_address last;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_SIMULATION), 0);
    f = add(&b, "0000:02:00.1");
    f->parent = link_to("0000:00:01.0");
    f->physical_function = link_to("0000:02:00.0");
    f->function.known = IOW_FUNCTION_PATH;
    add(&b, "0000:02:00.0")->parent = link_to("0000:00:01.0");
    f = add(&b, "0000:00:01.0");
    f->function.parent = IOW_NONE;
    f = add(&b, "10000:00:00.0");
    f->function.parent = IOW_NONE;
    f->real_dma = link_to("0000:00:01.0");
    facts = finish(&b);
    assert_int_equal(iow_facts_provenance(facts), IOW_FROM_SIMULATION);
    assert_int_equal(facts->n_functions, 4);
    assert_int_equal(iow_facts_function_at(facts, 0)->parent, IOW_NONE);
    assert_int_equal(iow_facts_function_at(facts, 0)->physical_function, IOW_NONE);
    assert_int_equal(iow_facts_function_at(facts, 0)->numa_node, -1);
    assert_int_equal(iow_facts_function_at(facts, 1)->parent, 0);
    assert_int_equal(iow_facts_function_at(facts, 2)->parent, 0);
    assert_int_equal(iow_facts_function_at(facts, 2)->physical_function, 1);
    assert_int_equal(iow_facts_function_at(facts, 2)->known, IOW_FUNCTION_PATH);
    assert_int_equal(iow_facts_function_at(facts, 3)->real_dma, 0);
    assert_null(iow_facts_function_at(facts, 4));
    last = at("10000:00:00.0");
    assert_int_equal(iow_facts_find_function(facts, &last), 3);
    last.function = 1;
    assert_int_equal(iow_facts_find_function(facts, &last), IOW_NONE);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
}

static void a_link_to_nowhere_is_cut_and_recorded(void **state)
{
    struct iow_facts_builder b;
    struct iow_built_function *f;
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_CAPTURE), 0);
    f = add(&b, "0000:02:00.0");
    f->parent = link_to("0000:00:01.0");
    f->physical_function = link_to("0000:02:00.0"); /* itself */
    f->function.known = IOW_FUNCTION_PATH;
    facts = finish(&b);
    assert_int_equal(facts->functions[0].parent, IOW_PARENT_BY_BUS);
    assert_int_equal(facts->functions[0].physical_function, IOW_NONE);
    assert_int_equal(facts->functions[0].known, 0);
    assert_int_equal(facts->n_missing, 2);
    assert_int_equal(iow_facts_missing_at(facts, 0)->rule, IOW_RULE_READ_BAD_VALUE);
    assert_int_equal(iow_facts_missing_at(facts, 0)->subject.kind, IOW_SUBJECT_FUNCTION);
    assert_null(iow_facts_missing_at(facts, 2));
    iow_facts_free(facts);
}

static void an_address_twice_is_refused(void **state)
{
    struct iow_facts_builder b;
    struct iow_facts *facts = NULL;
    struct iow_explain why;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_CAPTURE), 0);
    add(&b, "0000:00:01.0");
    add(&b, "0000:00:02.0");
    add(&b, "0000:00:01.0");
    assert_int_equal(iow_facts_finish(&b, &facts, &why), -IOW_EINVAL);
    assert_int_equal(why.rule, IOW_RULE_TOPO_DUPLICATE);
    assert_int_equal(why.subject.address.device, 1);
    assert_null(facts);
    iow_facts_builder_done(&b);
}

static void a_group_twice_is_refused(void **state)
{
    struct iow_facts_builder b;
    struct iow_facts *facts;
    struct iow_group *group;
    struct iow_explain why;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_CAPTURE), 0);
    assert_int_equal(iow_facts_add_group(&b, 7, &group), 0);
    assert_int_equal(iow_facts_add_group(&b, 7, &group), 0);
    assert_int_equal(iow_facts_finish(&b, &facts, &why), -IOW_EINVAL);
    assert_int_equal(why.subject.kind, IOW_SUBJECT_GROUP);
    assert_int_equal(why.subject.number, 7);
    iow_facts_builder_done(&b);
}

static void groups_and_members_are_found_by_number(void **state)
{
    struct iow_facts_builder b;
    struct iow_other_member *member;
    struct iow_group *group;
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_CAPTURE), 0);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(iow_facts_add_group(&b, (i * 37) % 100 * 2, &group), 0);
    assert_int_equal(iow_facts_add_other_member(&b, 4, &member), 0);
    member->name = "z";
    assert_int_equal(iow_facts_add_other_member(&b, 4, &member), 0);
    member->name = "a";
    assert_int_equal(iow_facts_add_other_member(&b, 2, &member), 0);
    facts = finish(&b);
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(iow_facts_find_group(facts, 2 * i), i);
        assert_int_equal(iow_facts_find_group(facts, 2 * i + 1), IOW_NONE);
    }
    assert_int_equal(iow_facts_other_member_at(facts, 0)->group, 2);
    assert_string_equal(iow_facts_other_member_at(facts, 1)->name, "a");
    assert_string_equal(iow_facts_other_member_at(facts, 2)->name, "z");
    assert_null(iow_facts_other_member_at(facts, 3));
    assert_null(iow_facts_group_at(facts, 100));
    iow_facts_free(facts);
}

static void groups_that_only_functions_tell_of_are_added(void **state)
{
    struct iow_facts_builder b;
    struct iow_group *group;
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_LIVE), 0);
    assert_int_equal(iow_facts_add_group(&b, 5, &group), 0);
    group->n_members = 3;
    add(&b, "0000:00:01.0")->function.group = 5;
    add(&b, "0000:00:02.0")->function.group = 9;
    add(&b, "0000:00:03.0")->function.group = 1;
    add(&b, "0000:00:04.0")->function.group = 9;
    add(&b, "0000:00:05.0");
    facts = finish(&b);
    assert_int_equal(iow_facts_complete_groups(facts), 0);
    assert_int_equal(facts->n_groups, 3);
    assert_int_equal(facts->groups[0].number, 1);
    assert_int_equal(facts->groups[0].n_members, 1);
    assert_int_equal(facts->groups[1].n_members, 3);
    assert_int_equal(facts->groups[2].number, 9);
    assert_int_equal(facts->groups[2].n_members, 2);
    iow_facts_free(facts);
}

static void facts_may_be_empty(void **state)
{
    struct iow_facts_builder b;
    struct iow_address none = {0};
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_facts_builder_init(&b, IOW_FROM_LIVE), 0);
    facts = finish(&b);
    assert_int_equal(iow_facts_complete_groups(facts), 0);
    assert_null(iow_facts_function_at(facts, 0));
    assert_null(iow_facts_group_at(facts, 0));
    assert_null(iow_facts_holder_at(facts, 0));
    assert_null(iow_facts_name_at(facts, 0));
    assert_int_equal(iow_facts_find_function(facts, &none), IOW_NONE);
    assert_string_equal(iow_facts_machine(facts)->kernel, "");
    iow_facts_free(facts);
    iow_facts_free(NULL);
}

static void names_and_holders_are_sorted(void **state)
{
    struct iow_facts *facts = iow_facts_new(IOW_FROM_LIVE);
    struct iow_list names = {0}, holders = {0};

    (void)state;
    *(struct iow_name *)iow_list_add(&names, sizeof(struct iow_name)) = (struct iow_name){"sdb", "block", 1};
    *(struct iow_name *)iow_list_add(&names, sizeof(struct iow_name)) = (struct iow_name){"sda", "block", 2};
    *(struct iow_name *)iow_list_add(&names, sizeof(struct iow_name)) = (struct iow_name){"sda", "block", 0};
    for (uint32_t i = 0; i < 40; i++)
        ((struct iow_holder *)iow_list_add(&holders, sizeof(struct iow_holder)))->pid = (i * 7 + 3) % 40;
    assert_int_equal(iow_facts_set_names(facts, &names), 0);
    assert_int_equal(iow_facts_set_holders(facts, &holders), 0);
    assert_string_equal(iow_facts_name_at(facts, 0)->name, "sda");
    assert_int_equal(iow_facts_name_at(facts, 0)->function, 0);
    assert_int_equal(iow_facts_name_at(facts, 1)->function, 2);
    assert_string_equal(iow_facts_name_at(facts, 2)->name, "sdb");
    for (uint32_t i = 0; i < 40; i++)
        assert_int_equal(iow_facts_holder_at(facts, i)->pid, i);
    assert_true(facts->names_read && facts->holders_read);
    iow_list_done(&names);
    iow_list_done(&holders);
    iow_facts_free(facts);
}

static struct iow_use *add_use(
    struct iow_list *uses, uint32_t function, enum iow_use_kind kind, const char *name, const char *by)
{
    struct iow_use *use = iow_list_add(uses, sizeof(*use));

    assert_non_null(use);
    *use = (struct iow_use){.function = function, .kind = kind, .name = name, .by = by};
    return use;
}

static void assert_use(const struct iow_facts *facts, uint32_t i, uint32_t function, enum iow_use_kind kind,
    const char *name, const char *by)
{
    const struct iow_use *use = iow_facts_use_at(facts, i);

    assert_non_null(use);
    assert_int_equal(use->function, function);
    assert_int_equal(use->kind, kind);
    assert_string_equal(use->name, name);
    assert_string_equal(use->by, by);
}

static void uses_are_added_sorted_and_told_once(void **state)
{
    struct iow_facts *facts = iow_facts_new(IOW_FROM_LIVE);
    struct iow_list uses = {0};

    (void)state;
    add_use(&uses, 4, IOW_USE_MOUNT, "sdb1", "/data");
    add_use(&uses, 1, IOW_USE_OPEN, "snd/pcm", "pulse")->pid = 9;
    add_use(&uses, 1, IOW_USE_OPEN, "snd/pcm", "pulse")->pid = 7;
    add_use(&uses, 1, IOW_USE_OPEN, "snd/pcm", "pulse")->pid = 9;
    add_use(&uses, 1, IOW_USE_NETWORK, "eth0", "")->n_routes = 1;
    add_use(&uses, 1, IOW_USE_NETWORK, "eth0", "")->n_addresses = 1;
    assert_int_equal(iow_facts_set_uses(facts, &uses), 0);
    assert_int_equal(facts->n_uses, 5);
    uses.n = 0;
    add_use(&uses, 4, IOW_USE_MOUNT, "sdb1", "/");
    add_use(&uses, 4, IOW_USE_MOUNT, "sda1", "/home");
    add_use(&uses, 4, IOW_USE_MOUNT, "sdb1", "/data");
    add_use(&uses, 2, IOW_USE_SWAP, "sdc", "");
    assert_int_equal(iow_facts_set_uses(facts, &uses), 0);
    assert_int_equal(facts->n_uses, 8);
    assert_use(facts, 0, 1, IOW_USE_NETWORK, "eth0", "");
    assert_int_equal(iow_facts_use_at(facts, 0)->n_routes, 1);
    assert_int_equal(iow_facts_use_at(facts, 1)->n_addresses, 1);
    assert_use(facts, 2, 1, IOW_USE_OPEN, "snd/pcm", "pulse");
    assert_int_equal(iow_facts_use_at(facts, 2)->pid, 7);
    assert_int_equal(iow_facts_use_at(facts, 3)->pid, 9);
    assert_use(facts, 4, 2, IOW_USE_SWAP, "sdc", "");
    assert_use(facts, 5, 4, IOW_USE_MOUNT, "sda1", "/home");
    assert_use(facts, 6, 4, IOW_USE_MOUNT, "sdb1", "/");
    assert_use(facts, 7, 4, IOW_USE_MOUNT, "sdb1", "/data");
    assert_null(iow_facts_use_at(facts, 8));
    iow_list_done(&uses);
    iow_facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_end_up_sorted_and_links_are_positions),
        cmocka_unit_test(a_link_to_nowhere_is_cut_and_recorded),
        cmocka_unit_test(an_address_twice_is_refused),
        cmocka_unit_test(a_group_twice_is_refused),
        cmocka_unit_test(groups_and_members_are_found_by_number),
        cmocka_unit_test(groups_that_only_functions_tell_of_are_added),
        cmocka_unit_test(facts_may_be_empty),
        cmocka_unit_test(names_and_holders_are_sorted),
        cmocka_unit_test(uses_are_added_sorted_and_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
