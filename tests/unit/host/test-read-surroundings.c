/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#define SLOTS "sys/bus/pci/slots"
#define CARD "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"

static struct iow_source *machine(void)
{
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &card);
    return s;
}

static void add_folder(struct iow_source *s, const char *path)
{
    assert_int_equal(iow_memory_add_folder(s, path), 0);
}

static void a_machine_that_was_not_looked_at_so_is_told_from_one_without_any(void **state)
{
    (void)state;
    for (int looked = 0; looked < 2; looked++) {
        struct iow_source *s = machine();
        struct iow_facts *facts;

        add_folder(s, "sys/module/ib_uverbs");
        add_folder(s, "sys/class/mem/mem");
        if (looked)
            add_folder(s, SLOTS);
        facts = read_all(s, IOW_READ_SURROUNDINGS);
        assert_int_equal(facts->machine.surroundings, looked);
        assert_int_equal(facts->machine.n_modules, looked);
        assert_int_equal(facts->machine.memory_file, looked);
        assert_false(facts->machine.port_file);
        assert_int_equal(facts->machine.n_slots, 0);
        assert_int_equal(facts->n_missing, 0);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

static void slots_have_a_place_and_may_be_for_hotplug(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, SLOTS "/7", "address", "0000:01\n");
    put_text(s, SLOTS "/3-1", "address", "0001:02:1f\n");
    put_text(s, SLOTS "/3-1", "power", "1\n");
    add_folder(s, SLOTS "/gone");
    facts = read_all(s, IOW_READ_SURROUNDINGS);
    assert_int_equal(facts->machine.n_slots, 2);
    assert_string_equal(facts->machine.slots[0].name, "3-1");
    assert_true(facts->machine.slots[0].hotplug);
    assert_int_equal(facts->machine.slots[0].domain, 1);
    assert_int_equal(facts->machine.slots[0].device, 0x1f);
    assert_string_equal(facts->machine.slots[1].name, "7");
    assert_false(facts->machine.slots[1].hotplug);
    assert_int_equal(facts->machine.slots[1].bus, 1);
    assert_int_equal(facts->machine.slots[1].device, IOW_SLOT_ANY_DEVICE);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_slot_without_a_place_is_missing(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, SLOTS "/1", "address", "somewhere\n");
    facts = read_all(s, IOW_READ_SURROUNDINGS);
    assert_true(facts->machine.surroundings);
    assert_int_equal(facts->machine.n_slots, 0);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 1);
    assert_string_equal(facts->missing[0].path, SLOTS "/1/address");
    iow_facts_free(facts);
    iow_source_close(s);
}

/* Whether a card is powered is for its port to say, which may sleep. */
static void the_state_of_a_slot_is_not_read(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;
    struct watched w;

    (void)state;
    put_text(s, SLOTS "/1", "address", "0000:01:00\n");
    put_text(s, SLOTS "/1", "power", "1\n");
    watch(&w, s);
    w.forbidden = "/power";
    facts = read_all(&w.source, IOW_READ_SURROUNDINGS);
    assert_int_equal(facts->machine.n_slots, 1);
    assert_int_equal(w.n_forbidden, 0);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void the_first_interrupt_that_is_known_tells_of_all(void **state)
{
    static const struct {
        const char *chip;
        enum iow_interrupts wanted;
    } row[] = {{"IR-PCI-MSI\n", IOW_INTERRUPTS_ISOLATED}, {"PCI-MSI\n", IOW_INTERRUPTS_OPEN},
        {"other\n", IOW_INTERRUPTS_UNKNOWN}, {NULL, IOW_INTERRUPTS_UNKNOWN}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_source *s = machine();
        struct iow_facts *facts;

        add_folder(s, SLOTS);
        put_text(s, CARD "/msi_irqs", "31", "msix\n");
        if (row[i].chip)
            put_text(s, "sys/kernel/irq/31", "chip_name", row[i].chip);
        facts = read_all(s, IOW_READ_SURROUNDINGS);
        assert_int_equal(facts->machine.interrupts, row[i].wanted);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

static void functions_tell_whether_they_came_from_outside_and_offer_memory(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, CARD, "removable", "removable\n");
    add_folder(s, CARD "/p2pmem");
    put_text(s, "sys/devices/pci0000:00/0000:00:01.0", "removable", "fixed\n");
    facts = read_all(s, IOW_READ_DETAILS);
    assert_false(facts->functions[0].removable || facts->functions[0].peer_memory);
    assert_true(facts->functions[1].removable && facts->functions[1].peer_memory);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_that_was_not_looked_at_so_is_told_from_one_without_any),
        cmocka_unit_test(slots_have_a_place_and_may_be_for_hotplug),
        cmocka_unit_test(a_slot_without_a_place_is_missing),
        cmocka_unit_test(the_state_of_a_slot_is_not_read),
        cmocka_unit_test(the_first_interrupt_that_is_known_tells_of_all),
        cmocka_unit_test(functions_tell_whether_they_came_from_outside_and_offer_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
