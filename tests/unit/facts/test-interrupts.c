/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static void the_chip_tells_whether_interrupts_are_checked(void **state)
{
    static const struct {
        const char *chip;
        enum iow_interrupts wanted;
    } row[] = {
        {"IR-PCI-MSI", IOW_INTERRUPTS_ISOLATED},
        {"IR-PCI-MSIX-0000:01:00.0", IOW_INTERRUPTS_ISOLATED},
        {"ITS-MSI", IOW_INTERRUPTS_ISOLATED},
        {"PCI-MSI", IOW_INTERRUPTS_OPEN},
        {"PCI-MSI-0000:00:1f.2", IOW_INTERRUPTS_OPEN},
        {"GICv2m-PCI-MSI", IOW_INTERRUPTS_OPEN},
        {"xen-pirq", IOW_INTERRUPTS_UNKNOWN},
        {"Hyper-V PCIe MSI", IOW_INTERRUPTS_UNKNOWN},
        {"PCI-MS", IOW_INTERRUPTS_UNKNOWN},
        {"", IOW_INTERRUPTS_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        assert_int_equal(iow_parse_interrupts(row[i].chip, strlen(row[i].chip)), row[i].wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chip_tells_whether_interrupts_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
