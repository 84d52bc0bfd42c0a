/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

/* Every state of the one world, merged as the other merges: is it among the other's, and are all of them
 * met? */
struct mapping {
    const struct iow_proof_world *counted;
    const struct iow_store *store;
    bool *met;
};

static void map_state(void *ctx, const struct iow_scene *scene, uint32_t number)
{
    struct mapping *mapping = ctx;
    struct iow_scene merged = *scene;
    struct iow_key key;
    uint32_t found;

    (void)number;
    iow_scene_merge(mapping->counted, &merged);
    iow_scene_key(mapping->counted, &merged, &key, NULL);
    found = iow_store_find(mapping->store, &key);
    assert_int_not_equal(found, IOW_NONE);
    mapping->met[found] = true;
}

static void counted_is_the_image_of_enumerated(const struct iow_proof_world *world)
{
    struct iow_proof_world counted_world = *world;
    struct iow_search counted = {.world = &counted_world}, enumerated = {.world = world};
    struct mapping mapping = {&counted_world, &counted.store, NULL};

    counted_world.counted = true;
    assert_int_equal(iow_search_run(&counted), 0);
    mapping.met = calloc(counted.store.n, sizeof(*mapping.met));
    assert_non_null(mapping.met);
    enumerated.seen = map_state;
    enumerated.ctx = &mapping;
    assert_int_equal(iow_search_run(&enumerated), 0);
    for (uint32_t i = 0; i < counted.store.n; i++)
        assert_true(mapping.met[i]);
    free(mapping.met);
    iow_search_done(&counted);
    iow_search_done(&enumerated);
}

static void traces_are_as_long(const struct iow_proof_world *world)
{
    struct iow_proof_world counted_world = *world;
    struct iow_proof_result enumerated, counted;
    struct iow_mem mem;

    counted_world.counted = true;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_run(world, &mem, &enumerated), 0);
    assert_int_equal(iow_proof_run(&counted_world, &mem, &counted), 0);
    assert_int_equal(enumerated.violated, counted.violated);
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++)
        assert_int_equal(enumerated.traces[i].n_steps, counted.traces[i].n_steps);
    iow_mem_done(&mem);
}

static void counting_agrees_with_enumerating_up_to_four_devices(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.1", "linux-6.12"};
    static const uint32_t drops[] = {
        0, DROP(ATTACH) | DROP(RELEASE), DROP(QUIET) | DROP(PLAIN), DROP(CLAIMED)};

    (void)state;
    for (uint32_t i = 0; i < COUNT(profiles) * COUNT(drops) * 4; i++) {
        struct iow_proof_world world = a_world(
            profiles[i % COUNT(profiles)], 1, 1 + i / COUNT(profiles) % 4, 1, drops[i / COUNT(profiles) / 4]);

        counted_is_the_image_of_enumerated(&world);
        traces_are_as_long(&world);
    }
}

static void thirty_members_take_no_longer_than_they_should(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.1", "linux-6.12"};

    (void)state;
    for (uint32_t i = 0; i < COUNT(profiles); i++) {
        struct iow_proof_world world = a_world(profiles[i], 1, 31, 2, 0);
        double start = seconds_now();
        struct iow_proof_result result;

        world.counted = true;
        world.most_claims = 2;
        for (uint32_t d = 0; d < 31; d++) {
            world.devices[d].fixed = d < 30;
            world.devices[d].absent = d == 30;
            world.devices[d].drivers = d % 3 ? MANAGED : API | MANAGED;
        }
        result = run_alone(&world);
        assert_int_equal(result.violated, 0);
        printf("figures: %s, 30 members and a newcomer: %llu states in %.2f s\n", profiles[i],
            (unsigned long long)result.states, seconds_now() - start);
    }
}

static void a_key_and_its_scene_are_the_same(void **state)
{
    struct iow_proof_world world = a_world("linux-6.12", 2, 2, 3, 0);
    const struct iow_ownership is = {
        IOW_KIND_TABLE, IOW_TYPE_DMA_FQ, .tag = 3, .claims = 3, .drivers = 2, .pasids = 1};
    struct iow_scene scene, back;
    struct iow_key key, again;

    (void)state;
    iow_scene_first(&world, &scene);
    scene.groups[1] = (struct iow_scene_group){iow_ownership_pack(&is), 2, 5, 6, 8};
    scene.devices[1] = (struct iow_proof_device_truth){.group = 1,
        .trait = IOW_DRIVER_PRIVATE,
        .phase = IOW_PHASE_REMOVING,
        .space = IOW_PROOF_SPACE_IDENTITY,
        .attacher = true,
        .claims = 8,
        .pasid = IOW_PROOF_SPACE_OWNER3};
    iow_scene_pack(&world, &scene, &key);
    iow_scene_unpack(&world, key.units, &back);
    assert_memory_equal(&back.devices[0], &scene.devices[0], 2 * sizeof(back.devices[0]));
    assert_int_equal(back.groups[1].word, scene.groups[1].word);
    assert_int_equal(back.groups[1].by_device, 8);
    iow_scene_pack(&world, &back, &again);
    assert_memory_equal(key.units, again.units, iow_key_units(&world) * sizeof(key.units[0]));
    assert_int_equal(iow_scene_owners(&world, &scene), 0xe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting_agrees_with_enumerating_up_to_four_devices),
        cmocka_unit_test(thirty_members_take_no_longer_than_they_should),
        cmocka_unit_test(a_key_and_its_scene_are_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
