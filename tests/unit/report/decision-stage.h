/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions of a kernel, as they may be seen, to draw. */
#ifndef IOWARD_TESTS_REPORT_DECISION_STAGE_H
#define IOWARD_TESTS_REPORT_DECISION_STAGE_H

#include "plan-stage.h"

#include "report/decision.h"

#define STAGE_LOOK(...)                                                                                      \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_HAS_DEFAULT, .default_type = IOW_LOOK_TYPE_DMA, .members = 2,      \
        __VA_ARGS__                                                                                          \
    }
#define STAGE_OWNED                                                                                          \
    {                                                                                                        \
        .flags = IOW_LOOK_SEEN | IOW_LOOK_OWNED | IOW_LOOK_PASIDS, .domain = IOW_LOOK_BLOCKING, .count = 1,  \
        .token = 0xbeef, .members = 2                                                                        \
    }

struct decision_row {
    struct iow_decision decision;
    const char *device;
    const char *line; /* after the time */
};

/* A claim that is refused, by who hides in his name what a terminal obeys. */
static const struct decision_row stage_decisions[] = {
    {{.what = IOW_DECISION_CLAIM_GROUP,
         .time_ns = 5,
         .took_ns = 7,
         .result = -IOW_EPERM,
         .pid = 812,
         .group = 4,
         .asker = 0xabc,
         .flags = IOW_DECISION_HAS_GROUP | IOW_DECISION_COOKIE | IOW_DECISION_NAMES,
         .before = STAGE_LOOK(.count = 1),
         .after = STAGE_LOOK(.count = 1),
         .comm = HOSTILE},
        NULL,
        HOSTILE_SHOWN
        " (812)  claim the group: group 4: EPERM, kernel drivers use it (IOW-DMA-CLAIM-KERNEL); count 1, "
        "domain default\n"},
    {{.what = IOW_DECISION_PROBE,
         .result = -IOW_EPROBE_DEFER,
         .group = 4,
         .inode = 77,
         .flags = IOW_DECISION_HAS_GROUP | IOW_DECISION_NAMES,
         .before = STAGE_OWNED,
         .after = STAGE_OWNED,
         .comm = "sh",
         .driver = "e1000e"},
        "0000:01:00.0",
        "sh (0)  probe a driver: 0000:01:00.0 with e1000e of group 4: EPROBE_DEFER, no default domain yet "
        "(IOW-DMA-NO-DEFAULT); "
        "count 1, domain blocking, owner 0000beef, more address spaces\n"},
    {{.what = IOW_DECISION_SET_TYPE,
         .result = -IOW_EINVAL,
         .group = 4,
         .flags = IOW_DECISION_HAS_GROUP,
         .before = STAGE_LOOK(.count = 0),
         .after = STAGE_LOOK(.count = 0),
         .comm = "sh"},
        NULL,
        "sh (0)  change the default type: group 4: EINVAL, ambiguous: a member could not be moved "
        "(IOW-DMA-ATTACH-FAILED), or another type is required (IOW-DMA-TYPE-FORCED), or what was asked makes "
        "no "
        "sense; count 0, domain default\n"},
    {{.what = IOW_DECISION_SET_TYPE,
         .result = -IOW_EINVAL,
         .group = 4,
         .flags = IOW_DECISION_HAS_GROUP | IOW_DECISION_NAMES,
         .before = STAGE_LOOK(.count = 0),
         .after = STAGE_LOOK(.count = 0),
         .comm = "sh",
         .wanted = "odd\n"},
        NULL,
        "sh (0)  change the default type: group 4 to odd: EINVAL, and no rule of ownership gives that from "
        "what was "
        "seen; count 0, domain default\n"},
    {{.what = IOW_DECISION_UNBOUND,
         .group = 4,
         .inode = 77,
         .flags = IOW_DECISION_HAS_GROUP | IOW_DECISION_NO_RESULT,
         .before = STAGE_LOOK(.count = 1),
         .after = STAGE_LOOK(.count = 2),
         .comm = "sh"},
        NULL, "sh (0)  unbind: a device that is gone of group 4: done; the group changed meanwhile\n"},
    {{.what = IOW_DECISION_CLAIM_GROUP,
         .result = -IOW_EPERM,
         .group = 4,
         .flags = IOW_DECISION_HAS_GROUP | IOW_DECISION_COOKIE,
         .after = STAGE_OWNED,
         .comm = "sixteen letters."},
        NULL,
        "sixteen letters. (0)  claim the group: group 4: EPERM, claimed already (IOW-DMA-CLAIM-OWNED); how "
        "the group "
        "was before is not seen\n"},
    {{.what = IOW_DECISION_RESET_BUS, .result = -524, .inode = 77, .comm = "qemu"}, "0000:01:00.0",
        "qemu (0)  reset: 0000:01:00.0: error 524\n"},
    {{.what = IOW_DECISION_TRY_RESET, .inode = 77, .comm = "qemu"}, "0000:01:00.0",
        "qemu (0)  reset: 0000:01:00.0: let through\n"},
};

static inline struct iow_decision_view stage_decision(size_t i, struct iow_ruling *ruling)
{
    iow_ruling_of(iow_profile_find("linux-6.12"), &stage_decisions[i].decision, ruling);
    return (struct iow_decision_view){.decision = &stage_decisions[i].decision,
        .ruling = ruling,
        .device = stage_decisions[i].device,
        .when_usec = 1772374032345678};
}

#endif
