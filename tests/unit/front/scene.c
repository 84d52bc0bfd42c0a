/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include <errno.h>

enum {
    N_GROUPS = 6,
};

static void describe_drivers(struct iow_front *front)
{
    static const struct iow_front_driver drivers[N_DRIVERS] = {
        [PCIEPORT] = {.name = "pcieport",
            .trait = IOW_DRIVER_MANAGED,
            .models = 1u << PORT_MODEL,
            .loaded = true},
        [E1000] = {.name = "igb",
            .trait = IOW_DRIVER_DMA_API,
            .models = 1u << NIC_MODEL,
            .sriov = true,
            .loaded = true},
        [IXGBEVF] = {.name = "igbvf", .trait = IOW_DRIVER_DMA_API, .models = 1u << VF_MODEL, .loaded = true},
        [VFIO_PCI] = {.name = "vfio-pci",
            .trait = IOW_DRIVER_MANAGED,
            .vfio = true,
            .overrides = true,
            .sriov = true,
            .models = ~0u,
            .loaded = true},
        [PCI_STUB] = {.name = "pci-stub", .trait = IOW_DRIVER_MANAGED, .loaded = true},
        [UIO] = {.name = "uio_pci_generic", .trait = IOW_DRIVER_DMA_API, .loaded = true},
        [MODULE] = {.name = "e1000e", .trait = IOW_DRIVER_DMA_API, .models = 1u << NIC_MODEL},
    };

    memcpy(front->drivers, drivers, sizeof(drivers));
}

static void describe_functions(struct iow_front *front)
{
    static const uint32_t home[N_FUNCTIONS] = {0, 1, 1, 2, IOW_NONE, 3, 4, 5};

    for (uint32_t i = 0; i < N_FUNCTIONS; i++) {
        struct iow_front_function *f = &front->functions[i];

        f->model = NIC_MODEL;
        f->home = home[i];
        f->parent = i == PORT ? IOW_NONE : PORT;
        f->reset_set = i == PORT ? IOW_NONE : 7;
    }
    front->functions[PORT].model = PORT_MODEL;
    front->functions[PORT].bridge = true;
    front->functions[NIC].total_vfs = 2;
    front->functions[OTHER].reset_set = 8;
    front->functions[GROUPLESS].reset_set = 9;
    front->functions[LATE].reset_set = 10;
    for (uint32_t i = VF1; i <= VF2; i++) {
        front->functions[i].model = VF_MODEL;
        front->functions[i].physical_function = NIC;
        front->functions[i].reset_set = 11;
    }
}

void scene_init(struct scene *s, uint16_t release, uint32_t built)
{
    static const struct iow_front_shape shape = {.n_drivers = N_DRIVERS,
        .n_functions = N_FUNCTIONS,
        .n_groups = N_GROUPS,
        .n_files = 24,
        .n_fds = 32,
        .n_processes = 4,
        .n_tasks = 8};
    static const uint32_t there[] = {PORT, NIC, SIBLING, OTHER, GROUPLESS};

    iow_mem_init_malloc(&s->mem);
    assert_int_equal(iow_front_init(&s->front, &s->mem, &shape, release, built), 0);
    describe_drivers(&s->front);
    describe_functions(&s->front);
    iow_front_boot(&s->front);
    for (uint32_t i = 0; i < COUNT(there); i++) {
        s->front.drivers[PCIEPORT].loaded = s->front.drivers[E1000].loaded = false;
        assert_int_equal(add(s, there[i]), 0);
    }
    s->front.drivers[PCIEPORT].loaded = s->front.drivers[E1000].loaded = true;
}

unsigned rows_answered[MOST_ROWS];

void scene_done(struct scene *s)
{
    struct iow_front_row row;

    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        rows_answered[i] += s->front.times[i];
    iow_mem_done(&s->mem);
}

int ask(struct scene *s, struct iow_front_op op)
{
    int r = iow_front_ask(&s->front, &op, &s->answer);

    assert_int_equal(r, s->answer.code);
    return r;
}

int bind_to(struct scene *s, uint32_t driver, uint32_t function)
{
    return ASK(s, BIND, .driver = driver, .function = function);
}

int unbind_from(struct scene *s, uint32_t driver, uint32_t function)
{
    return ASK(s, UNBIND, .driver = driver, .function = function);
}

int override(struct scene *s, uint32_t function, uint32_t driver)
{
    return ASK(s, OVERRIDE, .driver = driver, .function = function);
}

int probe_drivers(struct scene *s, uint32_t function)
{
    return ASK(s, DRIVERS_PROBE, .function = function);
}

int add(struct scene *s, uint32_t function)
{
    return ASK(s, ADD, .function = function);
}

int take_away(struct scene *s, uint32_t function)
{
    return ASK(s, REMOVE, .function = function);
}

int set_vfs(struct scene *s, uint32_t function, uint32_t n)
{
    return ASK(s, SET_VFS, .function = function, .number = n);
}

int set_type(struct scene *s, uint32_t group, enum iow_domain_type type)
{
    return ASK(s, SET_TYPE, .group = group, .type = type);
}

int close_fd(struct scene *s, uint32_t fd)
{
    return ASK(s, CLOSE, .fd = fd);
}

int try_open_group(struct scene *s, uint32_t group)
{
    return ASK(s, OPEN_GROUP, .group = group);
}

uint32_t open_group(struct scene *s, uint32_t group)
{
    assert_int_equal(try_open_group(s, group), 0);
    return s->answer.value;
}

uint32_t open_container(struct scene *s)
{
    assert_int_equal(ASK(s, OPEN_CONTAINER, .fd = 0), 0);
    return s->answer.value;
}

uint32_t open_iommufd(struct scene *s)
{
    assert_int_equal(ASK(s, OPEN_IOMMUFD, .fd = 0), 0);
    return s->answer.value;
}

uint32_t open_cdev(struct scene *s, uint32_t function)
{
    assert_int_equal(ASK(s, OPEN_CDEV, .function = function), 0);
    return s->answer.value;
}

int ask_device(struct scene *s, uint32_t group_fd, uint32_t function, uint64_t token)
{
    return ASK(s, GET_DEVICE_FD, .fd = group_fd, .function = function, .token = token);
}

uint32_t get_device(struct scene *s, uint32_t group_fd, uint32_t function)
{
    assert_int_equal(ask_device(s, group_fd, function, 0), 0);
    return s->answer.value;
}

uint32_t map(struct scene *s, uint32_t fd)
{
    assert_int_equal(ASK(s, MMAP, .fd = fd), 0);
    return s->answer.value;
}

uint32_t fork_process(struct scene *s)
{
    assert_int_equal(ASK(s, FORK, .fd = 0), 0);
    return s->answer.value;
}

int set_container(struct scene *s, uint32_t group_fd, uint32_t fd)
{
    return ASK(s, SET_CONTAINER, .fd = group_fd, .to = fd);
}

int unset_container(struct scene *s, uint32_t group_fd)
{
    return ASK(s, UNSET_CONTAINER, .fd = group_fd);
}

int set_iommu(struct scene *s, uint32_t container_fd)
{
    return ASK(s, SET_IOMMU, .fd = container_fd, .number = IOW_FRONT_TYPE1);
}

int bind_iommufd(struct scene *s, uint32_t cdev_fd, uint32_t iommufd_fd)
{
    return ASK(s, BIND_IOMMUFD, .fd = cdev_fd, .to = iommufd_fd);
}

int attach_pt(struct scene *s, uint32_t cdev_fd, uint32_t pt)
{
    return ASK(s, ATTACH_PT, .fd = cdev_fd, .number = pt);
}

int detach_pt(struct scene *s, uint32_t cdev_fd)
{
    return ASK(s, DETACH_PT, .fd = cdev_fd);
}

int status(struct scene *s, uint32_t group_fd)
{
    int r = ASK(s, GET_STATUS, .fd = group_fd);

    return r < 0 ? r : (int)s->answer.value;
}

void to_vfio(struct scene *s, uint32_t function)
{
    assert_int_equal(override(s, function, VFIO_PCI), 0);
    assert_int_equal(bind_to(s, VFIO_PCI, function), 0);
}

void to_kernel(struct scene *s, uint32_t function, uint32_t driver)
{
    assert_int_equal(override(s, function, driver), 0);
    assert_int_equal(bind_to(s, driver, function), 0);
}

struct user use(struct scene *s, uint32_t group)
{
    struct user user = {.group = open_group(s, group), .container = open_container(s)};

    assert_int_equal(set_container(s, user.group, user.container), 0);
    assert_int_equal(set_iommu(s, user.container), 0);
    return user;
}

uint32_t driver_of(struct scene *s, uint32_t function)
{
    return iow_front_see_function(&s->front, function).driver;
}

enum iow_owner owner_of(struct scene *s, uint32_t group)
{
    return iow_front_see_group(&s->front, group).owner;
}

int open_answers(struct scene *s, uint32_t group)
{
    return iow_front_see_group(&s->front, group).open;
}

bool has_node(struct scene *s, uint32_t group)
{
    return iow_front_see_group(&s->front, group).node;
}

int ended(struct scene *s)
{
    uint32_t task;

    return iow_front_ended(&s->front, &task, &s->answer) ? s->answer.code : NONE_ENDED;
}
