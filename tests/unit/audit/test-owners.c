/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define EP IOW_PCIE_ENDPOINT, -1, 0
#define GROUP(n)                                                                                             \
    {                                                                                                        \
        IOW_HELD_GROUP, n, IOW_NONE                                                                          \
    }
#define CONTAINER                                                                                            \
    {                                                                                                        \
        IOW_HELD_CONTAINER, IOW_NONE, IOW_NONE                                                               \
    }
#define DEVICE                                                                                               \
    {                                                                                                        \
        IOW_HELD_DEVICE, IOW_NONE, IOW_NONE                                                                  \
    }
#define MAPPED                                                                                               \
    {                                                                                                        \
        IOW_HELD_DEVICE_MAP, IOW_NONE, IOW_NONE                                                              \
    }

/* Two ports, each with a device: in groups 0 and 1 the ports, 2 and 3 the devices. */
static void set_pair(struct scene *s, const char *driver_a, const char *driver_b)
{
    const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"00:03.0", NULL, PORT, 1, "pcieport"},
        {"01:00.0", "00:02.0", EP, 2, driver_a},
        {"02:00.0", "00:03.0", EP, 3, driver_b},
    };

    scene_set(s, actor, COUNT(actor));
}

static const struct iow_group_owner *owner_of(struct scene *s, uint32_t number)
{
    return &s->analysis->owners[scene_group(s, number)];
}

static void expect(struct scene *s, uint32_t number, enum iow_owner owner, enum iow_rule basis)
{
    assert_int_equal(owner_of(s, number)->owner, owner);
    assert_int_equal(owner_of(s, number)->basis, basis);
}

static void drivers_alone_decide_where_vfio_is_not_in_play(void **state)
{
    struct scene s;

    (void)state;
    set_pair(&s, "e1000e", NULL);
    scene_play(&s);
    expect(&s, 0, IOW_OWNER_NONE, IOW_RULE_OWN_NO_DRIVER);
    expect(&s, 2, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER);
    expect(&s, 3, IOW_OWNER_NONE, IOW_RULE_OWN_NO_DRIVER);
    scene_end(&s);
}

static void a_bound_but_unheld_vfio_group_is_nobodys(void **state)
{
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", NULL);
    s.group[2].vfio_node = true;
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_NONE, IOW_RULE_OWN_NOT_HELD);
    scene_end(&s);
}

static void an_open_device_means_a_user(void **state)
{
    static const struct iow_held held[] = {GROUP(2), CONTAINER, DEVICE}, mapped[] = {GROUP(2), MAPPED};
    struct scene s;

    (void)state;
    for (int i = 0; i < 2; i++) {
        set_pair(&s, "vfio-pci", "vfio-pci");
        s.group[2].vfio_node = s.group[3].vfio_node = true;
        scene_hold(&s, 42, i ? mapped : held, i ? 2 : 3);
        scene_play(&s);
        expect(&s, 2, IOW_OWNER_USER, IOW_RULE_OWN_DEVICE_OPEN);
        assert_int_equal(owner_of(&s, 2)->n_holders, 1);
        expect(&s, 3, IOW_OWNER_NONE, IOW_RULE_OWN_NOT_HELD);
        scene_end(&s);
    }
}

/* Holding is not owning: the claim is made on the container, and nothing shows it. */
static void an_open_group_alone_leaves_it_unknown(void **state)
{
    static const struct iow_held held[] = {GROUP(2), CONTAINER};
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", NULL);
    s.group[2].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_HELD);
    scene_end(&s);
}

static void a_device_file_of_nobody_knows_which_group_makes_both_unknown(void **state)
{
    static const struct iow_held held[] = {DEVICE};
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", "vfio-pci");
    s.group[2].vfio_node = s.group[3].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_DEVICE_SOMEWHERE);
    expect(&s, 3, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_DEVICE_SOMEWHERE);
    assert_int_equal(owner_of(&s, 2)->n_possible, 1);
    scene_end(&s);
}

static void a_device_file_belongs_to_the_only_group_it_can_belong_to(void **state)
{
    static const struct iow_held held[] = {DEVICE};
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", "e1000e");
    s.group[2].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_USER, IOW_RULE_OWN_DEVICE_OPEN);
    expect(&s, 3, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER);
    scene_end(&s);
}

static void hidden_holders_leave_vfio_groups_unknown(void **state)
{
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", "e1000e");
    s.group[2].vfio_node = true;
    s.facts.machine.holders_complete = false;
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_HOLDERS_HIDDEN);
    expect(&s, 3, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER);
    scene_end(&s);
}

static void a_kernel_driver_beside_a_held_group_is_the_owner(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, -1, 0, 5, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, "snd_hda_intel", .multifunction = true},
    };
    static const struct iow_held held[] = {GROUP(5)};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[0].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    expect(&s, 5, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER);
    assert_int_equal(owner_of(&s, 5)->n_holders, 1);
    scene_end(&s);
}

/* The driver link goes first, the user last: such a group must not look free. */
static void a_pending_unbind_is_not_free(void **state)
{
    static const struct iow_held whole[] = {GROUP(2), CONTAINER, DEVICE}, device[] = {DEVICE};
    struct scene s;

    (void)state;
    for (int i = 0; i < 3; i++) {
        set_pair(&s, NULL, NULL);
        s.group[2].vfio_node = true;
        if (i < 2)
            scene_hold(&s, 42, i ? device : whole, i ? 1 : 3);
        scene_play(&s);
        assert_int_equal(owner_of(&s, 2)->pending, scene_function(&s, "01:00.0"));
        assert_int_equal(owner_of(&s, 2)->owner, i < 2 ? IOW_OWNER_USER : IOW_OWNER_UNKNOWN);
        assert_int_equal(owner_of(&s, 3)->pending, IOW_NONE);
        scene_end(&s);
    }
}

static void a_pending_unbind_among_siblings_is_found_where_sysfs_shows_it(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true, .vfio_device = true},
        {"01:00.2", "00:02.0", EP, 5, NULL, .multifunction = true},
    };
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_play(&s);
    assert_int_equal(owner_of(&s, 5)->pending, scene_function(&s, "01:00.1"));
    expect(&s, 5, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_UNBIND_PENDING);
    scene_end(&s);
}

static void of_two_unbound_members_either_may_be_pending(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, NULL, .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true},
    };
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_play(&s);
    assert_int_equal(owner_of(&s, 5)->pending, IOW_NONE);
    assert_true(owner_of(&s, 5)->pending_possible);
    assert_int_equal(owner_of(&s, 5)->owner, IOW_OWNER_UNKNOWN);
    scene_end(&s);
}

static void members_of_other_buses_count_if_their_bus_asks(void **state)
{
    static struct iow_other_member member[] = {
        {2, "dwc3.0", "platform", "dwc3"}, {3, "dev0", "vmbus", "storvsc"}};
    struct scene s;

    (void)state;
    set_pair(&s, NULL, NULL);
    s.facts.other_members = member;
    s.facts.n_other_members = COUNT(member);
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER);
    expect(&s, 3, IOW_OWNER_NONE, IOW_RULE_OWN_NO_DRIVER);
    scene_end(&s);
}

/* Opening a cdev claims nothing yet; a mapping of its registers is possible only after it was bound to an
 * iommufd. */
static void a_held_cdev_is_held(void **state)
{
    static const struct iow_held open[] = {{IOW_HELD_CDEV, 0, 2}, {IOW_HELD_IOMMUFD, IOW_NONE, IOW_NONE}};
    static const struct iow_held bound[] = {
        {IOW_HELD_CDEV, 0, 2}, {IOW_HELD_IOMMUFD, IOW_NONE, IOW_NONE}, MAPPED};
    struct scene s;

    (void)state;
    for (uint32_t n = 2; n <= 3; n++) {
        set_pair(&s, "vfio-pci", NULL);
        s.group[2].vfio_node = true;
        scene_hold(&s, 42, n == 2 ? open : bound, n);
        scene_play(&s);
        expect(&s, 2, n == 2 ? IOW_OWNER_UNKNOWN : IOW_OWNER_USER,
            n == 2 ? IOW_RULE_OWN_HELD : IOW_RULE_OWN_DEVICE_OPEN);
        scene_end(&s);
    }
}

/* Newer kernels tell in fdinfo which device an anonymous file is. */
static void a_device_file_that_names_its_device_is_only_of_its_group(void **state)
{
    static const struct iow_held named[] = {{IOW_HELD_DEVICE, IOW_NONE, 2}};
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", "vfio-pci");
    s.group[2].vfio_node = s.group[3].vfio_node = true;
    scene_hold(&s, 42, named, COUNT(named));
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_USER, IOW_RULE_OWN_DEVICE_OPEN);
    expect(&s, 3, IOW_OWNER_NONE, IOW_RULE_OWN_NOT_HELD);
    scene_end(&s);
}

static void a_group_that_vfio_made_up_is_confined_by_nothing(void **state)
{
    struct scene s;

    (void)state;
    set_pair(&s, "vfio-pci", NULL);
    s.group[2].vfio_node = true;
    s.group[2].name = "vfio-noiommu";
    scene_play(&s);
    expect(&s, 2, IOW_OWNER_UNKNOWN, IOW_RULE_OWN_NO_IOMMU);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drivers_alone_decide_where_vfio_is_not_in_play),
        cmocka_unit_test(a_bound_but_unheld_vfio_group_is_nobodys),
        cmocka_unit_test(an_open_device_means_a_user),
        cmocka_unit_test(an_open_group_alone_leaves_it_unknown),
        cmocka_unit_test(a_device_file_of_nobody_knows_which_group_makes_both_unknown),
        cmocka_unit_test(a_device_file_belongs_to_the_only_group_it_can_belong_to),
        cmocka_unit_test(hidden_holders_leave_vfio_groups_unknown),
        cmocka_unit_test(a_kernel_driver_beside_a_held_group_is_the_owner),
        cmocka_unit_test(a_pending_unbind_is_not_free),
        cmocka_unit_test(a_pending_unbind_among_siblings_is_found_where_sysfs_shows_it),
        cmocka_unit_test(of_two_unbound_members_either_may_be_pending),
        cmocka_unit_test(members_of_other_buses_count_if_their_bus_asks),
        cmocka_unit_test(a_held_cdev_is_held),
        cmocka_unit_test(a_group_that_vfio_made_up_is_confined_by_nothing),
        cmocka_unit_test(a_device_file_that_names_its_device_is_only_of_its_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
