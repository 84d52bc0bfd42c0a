/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tests that say what Linux does, and where it was seen to do so: X(test, seen).
 * The tests are registered from here, and docs/transitions.md lists them from here.
 *
 *   BOTH   on Linux 6.1 and 6.12, in virtual machines
 *   NEWER  on Linux 6.12, OLDER on Linux 6.1
 *   READ   in the source only: no driver or interface of the kernels at hand leads there
 */
#ifndef IOWARD_TESTS_CORE_KERNEL_TESTS_H
#define IOWARD_TESTS_CORE_KERNEL_TESTS_H

#define DRIVER_TESTS(X)                                                                                      \
    X(a_driver_binds_to_a_device_without_a_group, READ)                                                      \
    X(the_first_kernel_driver_makes_a_free_group_the_kernels, BOTH)                                          \
    X(a_further_kernel_driver_is_counted, BOTH)                                                              \
    X(a_kernel_driver_is_refused_in_an_owned_group, BOTH)                                                    \
    X(a_kernel_driver_is_refused_beside_a_private_domain, READ)                                              \
    X(a_probe_waits_for_the_default_domain_on_6_12, READ)                                                    \
    X(a_probe_does_not_wait_for_a_default_domain_on_6_1, READ)                                               \
    X(waiting_for_the_default_domain_comes_before_any_refusal_on_6_12, READ)                                 \
    X(one_identity_domain_passes_for_another_on_6_1, READ)                                                   \
    X(one_identity_domain_does_not_pass_for_another_on_6_12, READ)                                           \
    X(identity_helps_nobody_in_an_owned_group_on_6_1, READ)                                                  \
    X(a_kernel_driver_is_refused_while_a_pasid_is_attached_on_6_12, READ)                                    \
    X(nothing_is_looked_at_while_nobody_is_counted, READ)                                                    \
    X(a_managed_driver_binds_beside_kernel_drivers_and_owners, BOTH)                                         \
    X(a_managed_driver_binds_in_every_state, READ)                                                           \
    X(a_failed_probe_is_counted_no_longer, READ)                                                             \
    X(unbinding_begins_without_a_question, BOTH)                                                             \
    X(a_kernel_driver_that_goes_leaves_the_others_counted, BOTH)                                             \
    X(the_last_kernel_driver_to_go_leaves_a_free_group, BOTH)                                                \
    X(a_private_domain_outlives_its_driver, READ)                                                            \
    X(a_driver_that_nobody_counted_is_warned_of_when_it_goes, READ)                                          \
    X(a_driver_that_nobody_counted_takes_the_claim_with_it, READ)                                            \
    X(a_pasid_keeps_the_count_of_a_driver_that_goes_on_6_12, READ)

#define CLAIM_TESTS(X)                                                                                       \
    X(a_free_group_is_claimed_and_blocked, BOTH)                                                             \
    X(a_group_claim_is_refused_where_a_kernel_driver_is_bound, BOTH)                                         \
    X(a_group_claim_is_refused_in_an_owned_group_even_to_its_owner, READ)                                    \
    X(a_group_claim_is_refused_away_from_the_default_domain, READ)                                           \
    X(a_group_claim_is_refused_while_a_pasid_is_attached_on_6_12, READ)                                      \
    X(a_claim_without_an_owner_is_refused_first_of_all_on_6_12, READ)                                        \
    X(a_claim_without_an_owner_is_taken_on_6_1, READ)                                                        \
    X(a_claim_that_cannot_block_all_is_undone_on_6_12, READ)                                                 \
    X(a_claim_that_cannot_block_all_leaves_some_blocked_on_6_1, READ)                                        \
    X(a_claimed_group_with_its_count_lost_can_be_claimed_from_its_default_domain, READ)                      \
    X(a_release_gives_the_group_back, BOTH)                                                                  \
    X(a_release_of_what_nobody_owns_is_warned_of, READ)                                                      \
    X(a_release_with_a_pasid_attached_is_warned_of_on_6_12, READ)                                            \
    X(a_release_forgets_whatever_is_counted, READ)                                                           \
    X(a_release_that_fails_goes_on_on_6_12, READ)                                                            \
    X(a_release_that_fails_leaves_a_stray_group_on_6_1, READ)                                                \
    X(devices_are_not_claimed_on_6_1, READ)                                                                  \
    X(a_device_claim_takes_a_free_group_on_6_12, READ)                                                       \
    X(a_device_claim_is_refused_where_a_kernel_driver_is_bound_on_6_12, READ)                                \
    X(a_device_claim_is_counted_for_the_same_owner_on_6_12, READ)                                            \
    X(a_device_claim_is_refused_to_another_owner_on_6_12, READ)                                              \
    X(a_device_claim_names_its_owner_before_its_group_on_6_12, READ)                                         \
    X(a_device_claim_that_is_not_the_first_looks_at_nothing_on_6_12, READ)                                   \
    X(a_first_device_claim_looks_at_domain_and_pasids_on_6_12, READ)                                         \
    X(a_device_release_takes_one_claim_on_6_12, READ)                                                        \
    X(the_last_device_release_frees_the_group_on_6_12, READ)                                                 \
    X(a_device_release_takes_from_the_kernels_count_on_6_12, READ)                                           \
    X(a_device_release_of_what_nobody_owns_is_warned_of_on_6_12, READ)                                       \
    X(kernel_drivers_too_make_a_group_claimed, BOTH)

#define DOMAIN_TESTS(X)                                                                                      \
    X(an_owner_attaches_a_page_table, BOTH)                                                                  \
    X(attaching_does_not_ask_who_owns, READ)                                                                 \
    X(a_group_away_from_its_own_domains_is_not_attached_again, READ)                                         \
    X(a_domain_of_another_iommu_is_refused_on_6_12, READ)                                                    \
    X(a_domain_of_another_iommu_is_left_to_the_driver_on_6_1, READ)                                          \
    X(being_away_comes_before_another_iommu_on_6_12, READ)                                                   \
    X(a_device_is_attached_only_alone_in_its_group, READ)                                                    \
    X(a_device_without_a_group_is_not_attached, READ)                                                        \
    X(a_lone_driver_attaches_a_domain_of_its_own, READ)                                                      \
    X(an_attach_that_fails_is_undone, READ)                                                                  \
    X(a_detached_group_stays_blocked_while_it_is_owned, READ)                                                \
    X(a_detached_group_returns_to_the_default_domain_when_nobody_owns_it, READ)                              \
    X(detaching_what_is_not_attached_moves_nothing, READ)                                                    \
    X(a_detach_that_fails_goes_on_on_6_12, READ)                                                             \
    X(a_detach_that_fails_stops_there_on_6_1, READ)                                                          \
    X(a_device_is_detached_only_from_the_domain_that_is_attached, READ)                                      \
    X(a_device_is_detached_only_alone_in_its_group, READ)                                                    \
    X(a_device_without_a_group_is_detached_in_silence, READ)                                                 \
    X(domains_are_not_replaced_on_6_1, READ)                                                                 \
    X(a_domain_is_replaced_in_every_state_on_6_12, READ)                                                     \
    X(a_domain_is_not_replaced_by_none_on_6_12, READ)                                                        \
    X(there_are_no_pasids_on_6_1, READ)                                                                      \
    X(a_pasid_is_attached_in_every_state_on_6_12, READ)                                                      \
    X(a_pasid_needs_a_group_and_a_domain_of_its_iommu_on_6_12, READ)                                         \
    X(a_pasid_is_detached_on_6_12, READ)

#define MEMBER_TESTS(X)                                                                                      \
    X(a_newcomer_joins_the_default_domain, BOTH)                                                             \
    X(a_newcomer_joins_the_domain_of_an_owner, BOTH)                                                         \
    X(a_newcomer_joins_a_private_domain_on_6_12, READ)                                                       \
    X(a_newcomer_leaves_a_private_domain_again_on_6_1, READ)                                                 \
    X(a_newcomer_with_a_driver_is_not_counted, READ)                                                         \
    X(a_member_leaves_and_the_group_stays_as_it_is, BOTH)                                                    \
    X(the_last_member_takes_the_group_with_it, BOTH)

#define TYPE_TESTS(X)                                                                                        \
    X(the_type_needs_a_default_domain, READ)                                                                 \
    X(the_type_of_a_free_group_changes, NEWER)                                                               \
    X(the_type_of_several_members_changes_on_6_12, NEWER)                                                    \
    X(the_type_of_several_members_does_not_change_on_6_1, OLDER)                                             \
    X(the_type_does_not_change_while_anybody_is_counted_on_6_12, NEWER)                                      \
    X(the_type_does_not_change_while_any_driver_is_bound_on_6_1, OLDER)                                      \
    X(an_idle_managed_driver_does_not_keep_the_type_on_6_12, NEWER)                                          \
    X(the_type_of_an_empty_group_does_not_change_on_6_12, READ)                                              \
    X(dma_becomes_dma_fq_below_a_kernel_driver, BOTH)                                                        \
    X(dma_becomes_dma_fq_below_an_owner_on_6_12, NEWER)                                                      \
    X(dma_does_not_become_dma_fq_below_an_owner_on_6_1, OLDER)                                               \
    X(dma_fq_becomes_dma_only_when_idle, READ)                                                               \
    X(another_type_is_required, READ)                                                                        \
    X(dma_becomes_dma_fq_whatever_is_required_on_6_12, READ)                                                 \
    X(dma_does_not_become_dma_fq_where_another_is_required_on_6_1, READ)                                     \
    X(the_same_type_is_success_where_the_group_is_idle, READ)                                                \
    X(the_same_type_is_refused_where_the_group_is_in_use, NEWER)                                             \
    X(a_stray_group_of_the_type_wanted_is_left_alone_on_6_12, READ)                                          \
    X(a_stray_group_is_taken_along_to_another_type_on_6_12, READ)                                            \
    X(a_stray_group_does_not_change_its_type_on_6_1, READ)                                                   \
    X(a_type_that_cannot_be_attached_is_undone, READ)

#define JOINING_TESTS(X)                                                                                     \
    X(a_newcomer_joins_a_user_page_table_before_any_driver, BOTH)                                            \
    X(a_newcomer_to_a_private_domain_ends_on_the_default_one_on_6_1, READ)                                   \
    X(a_newcomer_to_a_private_domain_stays_there_on_6_12, READ)                                              \
    X(a_newcomer_that_fails_on_either_move_never_was_a_member_on_6_1, READ)                                  \
    X(a_device_with_direct_regions_does_not_join_a_blocked_group_on_6_12, READ)                              \
    X(a_device_that_failed_to_join_binds_uncounted_on_6_12, READ)                                            \
    X(a_driver_bound_before_its_device_had_a_group_is_not_counted, READ)

#define MOVING_TESTS(X)                                                                                      \
    X(a_claim_blocks_unbound_members_too, READ)                                                              \
    X(a_claim_reverts_the_members_up_to_the_one_that_failed_on_6_12, READ)                                   \
    X(a_claim_leaves_the_members_before_the_one_that_failed_blocked_on_6_1, READ)                            \
    X(a_driver_binds_to_a_member_left_blocked_on_6_1, READ)                                                  \
    X(an_attach_reverts_the_members_up_to_the_one_that_failed_on_6_12, READ)                                 \
    X(an_attach_reverts_all_members_on_6_1, READ)                                                            \
    X(a_release_blocks_the_member_that_failed_on_6_12, READ)                                                 \
    X(a_release_stops_at_the_member_that_failed_on_6_1, READ)                                                \
    X(a_detach_goes_on_after_the_member_that_failed_on_6_12, READ)                                           \
    X(a_detach_stops_at_the_member_that_failed_on_6_1, READ)                                                 \
    X(a_member_that_cannot_go_back_is_blocked, READ)                                                         \
    X(a_device_with_direct_regions_is_not_claimed_on_6_12, READ)                                             \
    X(a_device_with_direct_regions_is_claimed_on_6_1, READ)

#endif
