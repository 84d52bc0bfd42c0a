/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

#define FAULT(device)                                                                                        \
    "DMAR: [DMA Read NO_PASID] Request device [" device                                                      \
    "] fault addr 0x300000 [fault reason 0x06] PTE Read access is not set"

static void hide_holders(struct scene *s)
{
    s->facts.machine.holders_complete = false;
}

static void the_owner_of_a_stray_device_is_named(void **state)
{
    static const struct message_case cases[] = {
        {FAULT("06:00.0"), IOW_RULE_MSG_FAULT_KERNEL, true, "nvme of 0000:06:00.0"},
        {FAULT("02:00.0"), IOW_RULE_MSG_FAULT_USER, true, "user (process 100)"},
        {FAULT("04:00.0"), IOW_RULE_MSG_FAULT_NOBODY, true, "setpci -s 0000:04:00.0 COMMAND=0:4"},
        {FAULT("04:00.0"), IOW_RULE_MSG_HIDDEN, false, NULL, hide_holders},
        {FAULT("07:00.0"), IOW_RULE_MSG_FAULT_BEHIND, true, "one of 0000:08:01.0"},
        {FAULT("08:00.0"), IOW_RULE_MSG_FAULT_BEHIND, true, "0000:07:00.0 is a bridge"},
        {FAULT("08:02.0"), IOW_RULE_MSG_NO_FUNCTION, false, "0000:08:02.0"},
        {"vfio-pci 0000:02:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000f address=0xdead000 "
         "flags=0x0020]",
            IOW_RULE_MSG_FAULT_USER, true, "user (process 100)"},
        {"AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:06:00.0 domain=0x000f address=0xdead000 "
         "flags=0x0020]",
            IOW_RULE_MSG_FAULT_KERNEL, true, NULL},
    };

    (void)state;
    message_check_all(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_owner_of_a_stray_device_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
