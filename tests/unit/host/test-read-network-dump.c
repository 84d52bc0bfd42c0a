/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What netlink tells of the namespace that the test runs in, held against what other calls say. */
#include "testing.h"

#include "host/linux/read-uses.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/socket.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct scene {
    struct nl_sock *socket;
    struct iow_list interfaces;
};

static struct scene scene;

static int set_up(void **state)
{
    (void)state;
    scene = (struct scene){.socket = iow_network_socket()};
    assert_non_null(scene.socket);
    assert_int_equal(iow_network_dump(scene.socket, &scene.interfaces), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    nl_socket_free(scene.socket);
    iow_list_done(&scene.interfaces);
    return 0;
}

static const struct iow_interface *at(uint32_t i)
{
    return (const struct iow_interface *)scene.interfaces.items + i;
}

static bool is_up(const char *name)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {0};

    assert_true(fd >= 0);
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
    assert_int_equal(ioctl(fd, SIOCGIFFLAGS, &request), 0);
    close(fd);
    return request.ifr_flags & IFF_UP;
}

/* Addresses that count. Those of IPv4 may have a label, "eth0:1". */
static uint32_t count_addresses(const char *name)
{
    size_t len = strlen(name);
    struct ifaddrs *all;
    uint32_t n = 0;

    assert_int_equal(getifaddrs(&all), 0);
    for (struct ifaddrs *a = all; a; a = a->ifa_next) {
        if (!a->ifa_addr || strncmp(a->ifa_name, name, len) != 0 ||
            (a->ifa_name[len] && a->ifa_name[len] != ':'))
            continue;
        n += a->ifa_addr->sa_family == AF_INET;
        n += a->ifa_addr->sa_family == AF_INET6 &&
             !IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)a->ifa_addr)->sin6_addr);
    }
    freeifaddrs(all);
    return n;
}

static void the_loopback_is_there_and_of_no_device(void **state)
{
    const struct iow_interface *lo = iow_network_find(&scene.interfaces, if_nametoindex("lo"));

    (void)state;
    assert_non_null(lo);
    assert_string_equal(lo->name, "lo");
    assert_string_equal(lo->parent, "");
    assert_string_equal(lo->bus, "");
    assert_int_equal(lo->up, is_up("lo"));
    assert_int_equal(lo->master, 0);
    assert_int_equal(lo->below, 0);
    assert_int_equal(lo->below_space, -1);
}

static void every_interface_is_told_once_with_its_flags(void **state)
{
    struct if_nameindex *all = if_nameindex();
    uint32_t n = 0;

    (void)state;
    assert_non_null(all);
    for (; all[n].if_index; n++) {
        const struct iow_interface *found = iow_network_find(&scene.interfaces, all[n].if_index);

        assert_non_null(found);
        assert_string_equal(found->name, all[n].if_name);
        assert_int_equal(found->up, is_up(found->name));
    }
    assert_int_equal(scene.interfaces.n, n);
    for (uint32_t i = 1; i < n; i++)
        assert_true(at(i - 1)->index < at(i)->index);
    assert_null(iow_network_find(&scene.interfaces, 0));
    if_freenameindex(all);
}

static void addresses_are_counted_once_a_device_is_there(void **state)
{
    bool device = false;

    (void)state;
    for (uint32_t i = 0; i < scene.interfaces.n; i++)
        device |= *at(i)->parent != '\0';
    for (uint32_t i = 0; i < scene.interfaces.n; i++) {
        assert_int_equal(at(i)->n_addresses, device ? count_addresses(at(i)->name) : 0);
        assert_true(!at(i)->default_route || at(i)->n_routes);
        assert_true(device || at(i)->n_routes == 0);
    }
}

static void a_socket_answers_again_after_any_question(void **state)
{
    uint32_t n = scene.interfaces.n;
    int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), none = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    assert_true(own >= 0 && none >= 0);
    assert_true(iow_network_space_number(scene.socket, own) >= -1);
    assert_int_equal(iow_network_space_number(scene.socket, none), -1);
    assert_int_equal(iow_network_dump(scene.socket, &scene.interfaces), 0);
    assert_int_equal(scene.interfaces.n, n);
    close(own);
    close(none);
}

static void add(struct iow_list *list, const struct iow_interface *interface)
{
    struct iow_interface *added = iow_list_add(list, sizeof(*added));

    assert_non_null(added);
    *added = *interface;
}

static void assert_user(const struct iow_list *list, uint32_t index, const char *user)
{
    assert_string_equal(iow_network_find(list, index)->user, user);
}

static void what_an_interface_is_a_part_of_or_carries_has_it(void **state)
{
    struct iow_list list = {0};

    (void)state;
    add(&list, &(struct iow_interface){.index = 2, .name = "bridged", .master = 9, .below_space = -1});
    add(&list, &(struct iow_interface){.index = 3, .name = "trunk", .below_space = -1});
    add(&list,
        &(struct iow_interface){.index = 4, .name = "idle", .below = 4, .below_space = -1, .up = true});
    add(&list,
        &(struct iow_interface){.index = 5, .name = "vlan5", .below = 3, .below_space = -1, .up = true});
    add(&list, &(struct iow_interface){.index = 6, .name = "vlan6", .below = 4, .below_space = -1});
    add(&list,
        &(struct iow_interface){.index = 7, .name = "vlan7", .below = 2, .below_space = -1, .up = true});
    add(&list,
        &(struct iow_interface){.index = 8, .name = "veth8", .below = 4, .below_space = 1, .up = true});
    add(&list, &(struct iow_interface){.index = 9, .name = "br0", .below_space = -1});
    iow_network_name_users(&list);
    assert_user(&list, 2, "br0");
    assert_user(&list, 3, "vlan5");
    assert_user(&list, 4, "");
    iow_list_done(&list);
}

static void what_is_made_on_an_interface_from_elsewhere_has_it(void **state)
{
    struct iow_list here = {0}, there = {0};

    (void)state;
    add(&here, &(struct iow_interface){.index = 2, .name = "eth0", .below_space = -1});
    add(&here, &(struct iow_interface){.index = 3, .name = "eth1", .below_space = -1});
    add(&there, &(struct iow_interface){.index = 2, .name = "down", .below = 2, .below_space = 4});
    assert_false(iow_network_leads_elsewhere(&there));
    add(&there, &(struct iow_interface){.index = 3, .name = "mv0", .below = 3, .below_space = 4, .up = true});
    add(&there, &(struct iow_interface){.index = 4, .name = "mv1", .below = 2, .below_space = 5, .up = true});
    assert_true(iow_network_leads_elsewhere(&there));
    iow_network_name_users_elsewhere(&here, &there, -1);
    assert_user(&here, 3, "");
    iow_network_name_users_elsewhere(&here, &there, 4);
    assert_user(&here, 2, "");
    assert_user(&here, 3, "mv0");
    iow_list_done(&here);
    iow_list_done(&there);
}

static FILE *table(const char *text)
{
    return fmemopen((char *)text, strlen(text), "r");
}

static void what_works_without_an_address_has_its_interface(void **state)
{
    static const char pppoe[] = "Id       Address              Device\n00000700 02:00:00:00:00:01     eth0\n"
                                "00000800 02:00:00:00:00:01     eth1\n";
    static const char packet[] = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
                                 "0000000000000000 3      3    88cc   4     1 0      0      1234\n"
                                 "0000000000000000 3      3    0003   5     1 0      0      1235\n"
                                 "0000000000000000 3      3    0003   0     1 0      0      1236\n"
                                 "0000000000000000 3      3    0003   6     1 0      0      1237\n";
    FILE *sessions = table(pppoe), *sockets = table(packet);
    struct iow_list list = {0};

    (void)state;
    add(&list, &(struct iow_interface){.index = 2, .name = "eth0", .up = true});
    add(&list, &(struct iow_interface){.index = 3, .name = "eth1"});
    add(&list, &(struct iow_interface){.index = 4, .name = "eth2", .up = true, .carrier = true});
    add(&list, &(struct iow_interface){.index = 5, .name = "eth3", .up = true});
    add(&list, &(struct iow_interface){
                   .index = 6, .name = "eth4", .up = true, .carrier = true, .n_addresses = 1, .xdp = true});
    add(&list, &(struct iow_interface){.index = 7, .name = "eth5", .up = true, .carrier = true, .xdp = true});
    add(&list, &(struct iow_interface){.index = 8, .name = "eth6", .up = true, .carrier = true});
    iow_network_name_carried(&list, sessions, sockets);
    iow_network_name_carried(&list, NULL, NULL);
    assert_user(&list, 2, "a PPPoE session");
    assert_user(&list, 3, "");
    assert_user(&list, 4, "a packet socket");
    assert_user(&list, 5, "");
    assert_user(&list, 6, "");
    assert_user(&list, 7, "an XDP program");
    assert_user(&list, 8, "");
    (void)fclose(sessions);
    (void)fclose(sockets);
    iow_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_loopback_is_there_and_of_no_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_interface_is_told_once_with_its_flags, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_are_counted_once_a_device_is_there, set_up, tear_down),
        cmocka_unit_test(what_an_interface_is_a_part_of_or_carries_has_it),
        cmocka_unit_test(what_is_made_on_an_interface_from_elsewhere_has_it),
        cmocka_unit_test(what_works_without_an_address_has_its_interface),
        cmocka_unit_test_setup_teardown(a_socket_answers_again_after_any_question, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
