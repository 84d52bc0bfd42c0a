/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/explain.h"

#include "base/memory.h"

static const char *const rule_id[IOW_RULE__COUNT] = {
#define RULE_ID(name, id) [IOW_RULE_##name] = id,
    IOW_RULE_LIST(RULE_ID)
#undef RULE_ID
};

const char *iow_rule_id(enum iow_rule rule)
{
    return (unsigned)rule < IOW_RULE__COUNT ? rule_id[rule] : rule_id[IOW_RULE_NONE];
}

static const struct {
    int code;
    const char *name;
} error_name[] = {
    {IOW_EPERM, "EPERM"},
    {IOW_ENOENT, "ENOENT"},
    {IOW_EINTR, "EINTR"},
    {IOW_EIO, "EIO"},
    {IOW_E2BIG, "E2BIG"},
    {IOW_ENOMEM, "ENOMEM"},
    {IOW_EACCES, "EACCES"},
    {IOW_EBUSY, "EBUSY"},
    {IOW_EEXIST, "EEXIST"},
    {IOW_ENODEV, "ENODEV"},
    {IOW_EINVAL, "EINVAL"},
    {IOW_ELOOP, "ELOOP"},
    {IOW_EBADMSG, "EBADMSG"},
    {IOW_EOPNOTSUPP, "EOPNOTSUPP"},
    {IOW_ETIMEDOUT, "ETIMEDOUT"},
    {IOW_EINPROGRESS, "EINPROGRESS"},
    {IOW_ESTALE, "ESTALE"},
    {IOW_EPROBE_DEFER, "EPROBE_DEFER"},
};

const char *iow_error_name(int code)
{
    for (size_t i = 0; i < sizeof(error_name) / sizeof(error_name[0]); i++)
        if (error_name[i].code == code || error_name[i].code == -code)
            return error_name[i].name;
    return "error";
}

int iow_explain(struct iow_explain *reterr, int code, enum iow_rule rule)
{
    if (!reterr)
        return code;
    memset(reterr, 0, sizeof(*reterr));
    reterr->code = code;
    reterr->rule = rule;
    return code;
}

int iow_explain_text(struct iow_explain *reterr, int code, enum iow_rule rule, const char *text)
{
    size_t i = 0;

    iow_explain(reterr, code, rule);
    if (!reterr)
        return code;
    reterr->subject.kind = IOW_SUBJECT_TEXT;
    for (; text[i] && i < sizeof(reterr->text) - 1; i++)
        reterr->text[i] = text[i];
    reterr->text[i] = '\0';
    return code;
}

int iow_explain_function(
    struct iow_explain *reterr, int code, enum iow_rule rule, const struct iow_address *address)
{
    iow_explain(reterr, code, rule);
    if (!reterr)
        return code;
    reterr->subject.kind = IOW_SUBJECT_FUNCTION;
    reterr->subject.address = *address;
    return code;
}

void iow_explain_evidence(struct iow_explain *reterr, uint64_t seen, uint64_t wanted, uint32_t offset)
{
    if (!reterr || reterr->n_evidence == IOW_EXPLAIN_EVIDENCE)
        return;
    reterr->evidence[reterr->n_evidence++] =
        (struct iow_evidence){.seen = seen, .wanted = wanted, .offset = offset};
}
