/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps in words, and what it means that the kernel refused one. */
#include "report/escape.h"
#include "report/page.h"
#include "report/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static void put_address(struct iow_text *to, const struct iow_step *step)
{
    char buf[IOW_ADDRESS_TEXT];

    iow_text_puts(to, iow_address_format(&step->function, buf));
}

static void put_node(struct iow_text *to, const struct iow_step *step)
{
    iow_text_print(to, "/dev/vfio/%" PRIu32, step->group);
}

static void put_load(struct iow_text *to, const struct iow_step *step)
{
    iow_text_puts(to, "load ");
    iow_escape_text(to, step->after);
}

static void put_unbind(struct iow_text *to, const struct iow_step *step)
{
    iow_text_puts(to, "unbind ");
    put_address(to, step);
    iow_text_puts(to, " from ");
    iow_escape_text(to, step->before);
}

static void put_bind(struct iow_text *to, const struct iow_step *step)
{
    iow_text_puts(to, "bind ");
    put_address(to, step);
    iow_text_puts(to, " to ");
    iow_escape_text(to, step->after);
}

static void put_override(struct iow_text *to, const struct iow_step *step)
{
    iow_text_puts(to, *step->after ? "set driver_override of " : "clear driver_override of ");
    put_address(to, step);
    if (*step->after) {
        iow_text_puts(to, " to ");
        iow_escape_text(to, step->after);
    }
    if (*step->before) {
        iow_text_puts(to, " (was ");
        iow_escape_text(to, step->before);
        iow_text_puts(to, ")");
    }
}

static void put_give_for(struct iow_text *to, const struct iow_step *step, uint32_t named, const char *name)
{
    uint32_t uid, gid, mode;

    iow_text_puts(to, "give ");
    put_node(to, step);
    if (iow_access_parse(step->after, &uid, &gid, &mode) < 0) {
        iow_text_puts(to, " back to the kernel");
        return;
    }
    iow_text_puts(to, " to ");
    if (!uid)
        iow_text_puts(to, "root");
    else if (name && uid == named)
        iow_page_user(to, uid, name);
    else
        iow_text_print(to, "user %" PRIu32, uid);
    iow_text_print(to, ", group %" PRIu32 ", mode %04" PRIo32, gid, mode);
}

static void put_give(struct iow_text *to, const struct iow_step *step)
{
    put_give_for(to, step, 0, NULL);
}

static void put_driver(struct iow_text *to, const struct iow_step *step)
{
    iow_escape_text(to, step->after);
}

/* How a kind of step and what it changes are said. */
static const struct {
    void (*text)(struct iow_text *to, const struct iow_step *step);
    void (*subject)(struct iow_text *to, const struct iow_step *step);
} kind[IOW_STEP__COUNT] = {
    [IOW_STEP_LOAD] = {put_load, put_driver},
    [IOW_STEP_UNBIND] = {put_unbind, put_address},
    [IOW_STEP_OVERRIDE] = {put_override, put_address},
    [IOW_STEP_BIND] = {put_bind, put_address},
    [IOW_STEP_GIVE] = {put_give, put_node},
};

bool iow_step_is_check(const struct iow_step *step)
{
    return strcmp(step->before, step->after) == 0;
}

void iow_step_text(struct iow_text *to, const struct iow_step *step)
{
    if (!iow_step_is_check(step)) {
        kind[step->kind].text(to, step);
        return;
    }
    iow_text_puts(to, "check ");
    iow_step_subject(to, step);
}

void iow_step_text_for(struct iow_text *to, const struct iow_step *step, uint32_t uid, const char *name)
{
    if (step->kind == IOW_STEP_GIVE && !iow_step_is_check(step))
        put_give_for(to, step, uid, name);
    else
        iow_step_text(to, step);
}

void iow_step_subject(struct iow_text *to, const struct iow_step *step)
{
    if (step->kind == IOW_STEP_GIVE && iow_step_is_check(step))
        iow_text_print(to, "group %" PRIu32, step->group);
    else
        kind[step->kind].subject(to, step);
}

/* Which driver a meaning is about: the one that is bound, unbound or loaded. */
enum whose {
    VFIO,
    OTHERS,
    ANY
};

/*
 * Errors that mean something particular. Source: Linux 6.1 and 6.12 drivers/base/bus.c bind_store(),
 * unbind_store(); drivers/base/dd.c device_driver_attach(); drivers/vfio/pci/vfio_pci_core.c
 * vfio_pci_core_register_device(); drivers/vfio/group.c vfio_group_find_or_alloc(); drivers/pci/pci-sysfs.c
 * driver_override_store(); kernel/module/main.c finit_module()
 */
static const struct {
    enum iow_step_kind kind;
    enum whose whose;
    int error;
    const char *words;
} meaning[] = {
    {IOW_STEP_LOAD, ANY, ENOENT, "this kernel has no such module"},
    {IOW_STEP_LOAD, ANY, EPERM, "the kernel loads no modules (any more)"},
    {IOW_STEP_LOAD, ANY, ENOEXEC, "the module was made for another kernel"},
    {IOW_STEP_LOAD, ANY, EKEYREJECTED, "the module has no signature that this kernel trusts"},
    {IOW_STEP_LOAD, ANY, ENODEV, "something that the module needs is switched off"},
    {IOW_STEP_UNBIND, ANY, ENODEV, "by now it has another driver, or none"},
    {IOW_STEP_UNBIND, ANY, ENOENT, "that driver is no longer there"},
    {IOW_STEP_OVERRIDE, ANY, EINVAL, "the kernel does not take a text of this length"},
    {IOW_STEP_OVERRIDE, ANY, ENOENT, "the device is gone"},
    {IOW_STEP_BIND, VFIO, EINVAL,
        "it is a bridge, or has no IOMMU group, or vfio-pci knows it as unsafe, or the IOMMU is not cache "
        "coherent"},
    {IOW_STEP_BIND, VFIO, EBUSY, "it has a driver by now, or has virtual functions"},
    {IOW_STEP_BIND, VFIO, ENODEV, "its driver_override does not let vfio-pci bind, or it is gone"},
    {IOW_STEP_BIND, VFIO, ENOENT, "vfio-pci is not loaded"},
    {IOW_STEP_BIND, OTHERS, EBUSY, "it has a driver by now, or its group belongs to a user still"},
    {IOW_STEP_BIND, OTHERS, ENODEV, "the driver does not want this device, or the device is gone"},
    {IOW_STEP_BIND, OTHERS, ENOENT, "that driver could not start the device, or is no longer there"},
    {IOW_STEP_BIND, OTHERS, EAGAIN, "the driver waits for another one to come first"},
    {IOW_STEP_GIVE, ANY, ENOENT, "there is no such node: no device of the group is under VFIO"},
    {IOW_STEP_GIVE, ANY, EPERM, "the owner of files in /dev cannot be changed from here"},
    {IOW_STEP_GIVE, ANY, EROFS, "/dev cannot be written to from here"},
};

static enum whose whose_driver(const struct iow_step *step)
{
    return iow_driver_is_vfio(step->kind == IOW_STEP_UNBIND ? step->before : step->after) ? VFIO : OTHERS;
}

const char *iow_step_meaning(const struct iow_step *step, int error)
{
    for (size_t i = 0; !iow_step_is_check(step) && i < sizeof(meaning) / sizeof(meaning[0]); i++)
        if (meaning[i].kind == step->kind && meaning[i].error == error &&
            (meaning[i].whose == ANY || meaning[i].whose == whose_driver(step)))
            return meaning[i].words;
    return NULL;
}
