/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/decision.h"

#include <string.h>

const char *iow_decision_operation(const struct iow_ruling *ruling)
{
    return ruling->reading == IOW_READING_BESIDE ? "reset" : iow_operation_words(ruling->operation);
}

const char *iow_look_domain_name(uint32_t domain)
{
    static const char *const names[] = {[IOW_LOOK_DEFAULT] = "default",
        [IOW_LOOK_BLOCKING] = "blocking",
        [IOW_LOOK_OTHER] = "other",
        [IOW_LOOK_OTHER_IDENTITY] = "other-identity"};

    return domain < sizeof(names) / sizeof(names[0]) ? names[domain] : "?";
}

const char *iow_look_type_name(const struct iow_group_look *look)
{
    if (!(look->flags & IOW_LOOK_HAS_DEFAULT))
        return NULL;
    switch (look->default_type) {
    case IOW_LOOK_TYPE_DMA:
        return "DMA";
    case IOW_LOOK_TYPE_DMA_FQ:
        return "DMA-FQ";
    case IOW_LOOK_TYPE_IDENTITY:
        return "identity";
    default:
        return NULL;
    }
}

/* Linux has numbers that no program ever gets (EPROBE_DEFER), and the C library no name for them. */
const char *iow_decision_error_name(const struct iow_decision *decision, char buf[IOW_DECISION_ERROR])
{
    const char *name = iow_error_name(decision->result);

    if (decision->result >= 0)
        return NULL;
    if (strcmp(name, "error") == 0 && (name = strerrorname_np(-decision->result)) == NULL) {
        (void)snprintf(buf, IOW_DECISION_ERROR, "error %d", -(int)decision->result);
        return buf;
    }
    return name;
}
