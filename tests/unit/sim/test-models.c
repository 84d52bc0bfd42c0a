/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every row of the tables of models and drivers. */
#include "simulated.h"

#include "host/sim/machine.h"

/* A machine with one of them at 00:05.0. */
static struct iow_sim *boot_with(const struct iow_sim_model *model)
{
    char json[256];
    struct iow_sim *sim;

    snprintf(json, sizeof(json),
        "{\"devices\": [{\"driver\": \"%s\", \"bus\": \"pcie.0\", \"addr\": \"5\", \"bus_nr\": 64}]}",
        model->name);
    assert_int_equal(iow_sim_new(json, "6.12", &sim, NULL), 0);
    return sim;
}

static void check(const struct iow_sim_model *model, const struct iow_function *f)
{
    assert_int_equal(f->config.known & IOW_CONFIG_DAMAGED, 0);
    assert_int_equal(f->config.vendor, model->vendor);
    assert_int_equal(f->config.device, model->device);
    assert_int_equal(f->config.class_code, model->class_code);
    assert_int_equal(iow_config_is_bridge(&f->config), model->bridge);
    assert_int_equal(f->config.pcie_offset, model->pcie_offset);
    assert_int_equal(f->config.acs_offset, model->acs_offset);
    assert_int_equal(f->config.pcie_type == IOW_PCIE_RC_ENDPOINT, model->integrated_type);
    assert_int_equal(f->config.pcie_type == IOW_PCIE_NONE, model->pcie_offset == 0);
}

static void each_model_reads_as_its_row_says(void **state)
{
    const struct iow_sim_model *model;
    unsigned n = 0;

    (void)state;
    for (unsigned i = 0; (model = iow_sim_model_at(i)); i++) {
        struct iow_sim *sim;
        struct iow_facts *facts;

        assert_ptr_equal(iow_sim_model_find(model->name), model);
        if (model->fixed)
            continue;
        sim = boot_with(model);
        facts = read_facts(sim, NULL);
        check(model, fact_of(facts, "00:05.0"));
        assert_null(iow_facts_missing_at(facts, 0));
        iow_facts_free(facts);
        iow_sim_free(sim);
        n++;
    }
    assert_true(n >= 14);
}

static void each_native_driver_is_in_the_table_of_drivers(void **state)
{
    const struct iow_sim_model *model;

    (void)state;
    for (unsigned i = 0; (model = iow_sim_model_at(i)); i++)
        if (model->native)
            assert_non_null(iow_sim_driver_find(model->native));
}

static void each_driver_that_is_not_built_in_comes_and_goes(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");

    (void)state;
    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++) {
        const struct iow_sim_driver *driver = &iow_sim_drivers[i];

        assert_int_equal(try(sim, "modprobe %s", driver->name), 0);
        assert_int_equal(try(sim, "rmmod %s", driver->name) == 0, !driver->built_in);
    }
    iow_sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_model_reads_as_its_row_says),
        cmocka_unit_test(each_native_driver_is_in_the_table_of_drivers),
        cmocka_unit_test(each_driver_that_is_not_built_in_comes_and_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
