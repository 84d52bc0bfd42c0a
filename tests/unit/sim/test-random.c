/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever is done to a simulated machine, it stays one that Linux could be. The same numbers are drawn in every run. */
#include "simulated.h"

#include "host/sim/machine.h"

#include <ioward/analysis.h>

#define MACHINES 300
#define COMMANDS 60

static uint64_t drawn;

static unsigned draw(unsigned below)
{
    drawn = drawn * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(drawn >> 33) % below;
}

#define ONE_OF(list) (list)[draw(COUNT(list))]

static const char *const topologies[] = {
    "demo", "sriov", "nested-bridges", "second-host-bridge", "card", "hand-over", "switch-one-slot"};
static const char *const devices[] = {"01:00.0", "01:00.1", "01:00.2", "02:00.0", "00:02.0", "82:01.0",
    "81:00.0", "05:00.0", "nvme0n1", "eth0", "eth1", "00:06.0", "04:01.0", "02:01.0"};
static const char *const drivers[] = {
    "vfio-pci", "vfio-pci", "e1000e", "nvme", "pci-stub", "pcieport", "uio_pci_generic", "e1000"};
static const char *const groups[] = {"3", "4", "5", "6", "7"};
static const char *const types[] = {"DMA", "DMA-FQ", "identity", "auto"};
/* D stands for a device, R for a driver, G for a group, T for a type. */
static const char *const commands[] = {"unbind D", "bind D R", "override D R", "override D vfio-pci",
    "bind D vfio-pci", "override D", "open D program", "unplug D", "plug D", "plug D edu", "vfs D 2",
    "vfs D 0", "stick D", "continue", "mount D /data", "up D 10.0.0.1", "gateway D", "modprobe R", "rmmod R",
    "type G T"};

/* What a letter of a command stands for. */
static const char *drawn_for(char letter, char buf[2])
{
    switch (letter) {
    case 'D':
        return ONE_OF(devices);
    case 'R':
        return ONE_OF(drivers);
    case 'G':
        return ONE_OF(groups);
    case 'T':
        return ONE_OF(types);
    default:
        buf[0] = letter;
        buf[1] = '\0';
        return buf;
    }
}

static void do_something(struct iow_sim *sim)
{
    char line[128], letter[2], *answer = NULL;
    size_t n = 0;

    for (const char *p = draw(6) == 0 ? "close " : ONE_OF(commands); *p; p++)
        n += (size_t)snprintf(line + n, sizeof(line) - n, "%s", drawn_for(*p, letter));
    if (strcmp(line, "close ") == 0)
        snprintf(line + n, sizeof(line) - n, "%u", 1000 + draw(COMMANDS));
    (void)iow_sim_command(sim, line, &answer, NULL);
    free(answer);
}

/* What is true of a group: all members are where it is, and no ordinary driver is where the kernel's DMA API is not. A driver
 * counts as long as its probe and its removal last. */
static void check_ownership(const struct iow_sim *sim)
{
    for (uint32_t g = 0; g < sim->n; g++) {
        const struct iow_dma_group *group = &sim->front.groups[g].dma;
        struct iow_ownership is = iow_ownership_unpack(iow_dma_word(group));
        uint32_t n = 0, counted = 0;

        for (uint32_t i = 0; i < sim->n; i++) {
            const struct iow_front_function *f = &sim->front.functions[i];

            if (!f->present || f->dma.group != group)
                continue;
            n++;
            counted += f->driver != IOW_NONE && sim->front.drivers[f->driver].trait == IOW_DRIVER_DMA_API;
            assert_int_equal(f->domain.kind, is.kind);
            assert_int_equal(f->domain.owner, is.tag);
        }
        if (!n)
            continue;
        assert_int_equal(group->n_members, n);
        assert_int_equal(is.drivers, counted);
        assert_int_equal(is.kind, is.tag ? IOW_KIND_TABLE : IOW_KIND_DEFAULT);
        assert_false(is.tag && counted);
    }
}

/* The reader understands everything, and no group has two owners. */
static void check(struct iow_sim *sim)
{
    struct iow_facts *facts = read_facts(sim, NULL);
    struct iow_analysis *analysis;
    struct iow_mem mem;

    check_ownership(sim);
    iow_mem_init_malloc(&mem);
    for (uint32_t i = 0; iow_facts_missing_at(facts, i); i++)
        assert_int_equal(iow_facts_missing_at(facts, i)->rule, IOW_RULE_READ_WAITS);
    assert_int_equal(iow_analyse(facts, &mem, &analysis, NULL), 0);
    for (uint32_t i = 0; iow_facts_group_at(facts, i); i++)
        assert_int_not_equal(analysis->owners[i].owner, IOW_OWNER_KERNEL_PRIVATE);
    iow_mem_done(&mem);
    iow_facts_free(facts);
}

/* When everybody has let go, nobody waits. What sticks may stick behind another that did. */
static void end_all(struct iow_sim *sim)
{
    char line[32], *answer, *state;

    for (unsigned pid = 1000; pid < 1000 + 2 * COMMANDS; pid++) {
        answer = NULL;
        snprintf(line, sizeof(line), "close %u", pid);
        (void)iow_sim_command(sim, line, &answer, NULL);
        free(answer);
    }
    for (unsigned i = 0; i < COUNT(devices); i++)
        must(sim, "continue");
    state = iow_sim_state(sim);
    if (strstr(state, "locked"))
        fail_msg("%s", state);
    free(state);
}

static void a_machine_stays_one_that_can_be(void **state)
{
    (void)state;
    drawn = 1;
    for (unsigned i = 0; i < MACHINES; i++) {
        struct iow_sim *sim = boot(ONE_OF(topologies), i % 2 ? "6.1" : "6.12");

        for (unsigned k = 0; k < COMMANDS; k++) {
            do_something(sim);
            if (k % 10 == 9)
                check(sim);
        }
        end_all(sim);
        check(sim);
        iow_sim_free(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_stays_one_that_can_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
