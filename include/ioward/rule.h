/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules: the stable names of everything ioward concludes, refuses or misses.
 *
 * A rule's id appears in output and documents and never changes its meaning. What a rule says in words is a
 * table of the report room.
 */
#ifndef IOWARD_RULE_H
#define IOWARD_RULE_H

#ifdef __cplusplus
extern "C" {
#endif

/* X(enumerator, id) */
#define IOW_RULE_LIST(X)                                                                                     \
    X(NONE, "IOW-NONE")                                                                                      \
    /* reasons of a membership */                                                                            \
    X(GRP_ALONE, "IOW-GRP-ALONE")                                                                            \
    X(GRP_REAL_DMA, "IOW-GRP-REAL-DMA")                                                                      \
    X(GRP_BRIDGE_ALIAS, "IOW-GRP-BRIDGE-ALIAS")                                                              \
    X(GRP_PATH, "IOW-GRP-PATH")                                                                              \
    X(GRP_DEVFN_ALIAS, "IOW-GRP-DEVFN-ALIAS")                                                                \
    X(GRP_FUNCTION, "IOW-GRP-FUNCTION")                                                                      \
    X(GRP_NOT_COVERED, "IOW-GRP-NOT-COVERED")                                                                \
    /* what the grouping rule looks at */                                                                    \
    X(STEP_REAL_DMA, "IOW-STEP-REAL-DMA")                                                                    \
    X(STEP_EXPRESS_PORT, "IOW-STEP-EXPRESS-PORT")                                                            \
    X(STEP_ALIAS_BRIDGE, "IOW-STEP-ALIAS-BRIDGE")                                                            \
    X(STEP_TRANSLATE_ROOT, "IOW-STEP-TRANSLATE-ROOT")                                                        \
    X(STEP_PATH_ISOLATES, "IOW-STEP-PATH-ISOLATES")                                                          \
    X(STEP_PATH_OPEN, "IOW-STEP-PATH-OPEN")                                                                  \
    X(STEP_ROOT_BUS, "IOW-STEP-ROOT-BUS")                                                                    \
    X(STEP_SINGLE_FUNCTION, "IOW-STEP-SINGLE-FUNCTION")                                                      \
    X(STEP_FUNCTION_ISOLATES, "IOW-STEP-FUNCTION-ISOLATES")                                                  \
    X(STEP_FUNCTION_OPEN, "IOW-STEP-FUNCTION-OPEN")                                                          \
    X(STEP_ALIAS, "IOW-STEP-ALIAS")                                                                          \
    /* how an owner is concluded */                                                                          \
    X(OWN_KERNEL_DRIVER, "IOW-OWN-KERNEL-DRIVER")                                                            \
    X(OWN_NO_DRIVER, "IOW-OWN-NO-DRIVER")                                                                    \
    X(OWN_NOT_HELD, "IOW-OWN-NOT-HELD")                                                                      \
    X(OWN_DEVICE_OPEN, "IOW-OWN-DEVICE-OPEN")                                                                \
    X(OWN_HELD, "IOW-OWN-HELD")                                                                              \
    X(OWN_DEVICE_SOMEWHERE, "IOW-OWN-DEVICE-SOMEWHERE")                                                      \
    X(OWN_HOLDERS_HIDDEN, "IOW-OWN-HOLDERS-HIDDEN")                                                          \
    X(OWN_UNBIND_PENDING, "IOW-OWN-UNBIND-PENDING")                                                          \
    X(OWN_PRIVATE_DOMAIN, "IOW-OWN-PRIVATE-DOMAIN")                                                          \
    X(OWN_NO_IOMMU, "IOW-OWN-NO-IOMMU")                                                                      \
    X(OWN_READ_NONE, "IOW-OWN-READ-NONE")                                                                    \
    X(OWN_READ_KERNEL, "IOW-OWN-READ-KERNEL")                                                                \
    X(OWN_READ_USER, "IOW-OWN-READ-USER")                                                                    \
    X(OWN_READ_PRIVATE, "IOW-OWN-READ-PRIVATE")                                                              \
    /* why kernel and prediction differ */                                                                   \
    X(DIFF_NOT_YET, "IOW-DIFF-NOT-YET")                                                                      \
    X(DIFF_LAZY, "IOW-DIFF-LAZY")                                                                            \
    X(DIFF_LATE, "IOW-DIFF-LATE")                                                                            \
    X(DIFF_NEIGHBOUR, "IOW-DIFF-NEIGHBOUR")                                                                  \
    X(DIFF_ACS_CLEARED, "IOW-DIFF-ACS-CLEARED")                                                              \
    X(DIFF_ACS_SET, "IOW-DIFF-ACS-SET")                                                                      \
    X(DIFF_OVERRIDE, "IOW-DIFF-OVERRIDE")                                                                    \
    X(DIFF_NO_GROUP, "IOW-DIFF-NO-GROUP")                                                                    \
    X(DIFF_UNREAD, "IOW-DIFF-UNREAD")                                                                        \
    X(DIFF_UNEXPLAINED, "IOW-DIFF-UNEXPLAINED")                                                              \
    /* what is remarkable */                                                                                 \
    X(REM_NO_IOMMU, "IOW-REM-NO-IOMMU")                                                                      \
    X(REM_UNGROUPED, "IOW-REM-UNGROUPED")                                                                    \
    X(REM_SWITCH_SPLIT, "IOW-REM-SWITCH-SPLIT")                                                              \
    X(REM_DRIFT, "IOW-REM-DRIFT")                                                                            \
    X(REM_UNEXPLAINED, "IOW-REM-UNEXPLAINED")                                                                \
    X(REM_PENDING_UNBIND, "IOW-REM-PENDING-UNBIND")                                                          \
    X(REM_NOT_VIABLE, "IOW-REM-NOT-VIABLE")                                                                  \
    X(REM_IDLE_MASTER, "IOW-REM-IDLE-MASTER")                                                                \
    X(REM_UNSAFE_INTERRUPTS, "IOW-REM-UNSAFE-INTERRUPTS")                                                    \
    X(REM_NOIOMMU_MODE, "IOW-REM-NOIOMMU-MODE")                                                              \
    X(REM_OVERRIDE_OPTION, "IOW-REM-OVERRIDE-OPTION")                                                        \
    X(REM_ASSUMED_KERNEL, "IOW-REM-ASSUMED-KERNEL")                                                          \
    X(REM_OTHER_OWNER, "IOW-REM-OTHER-OWNER")                                                                \
    X(REM_OTHER_COUNT, "IOW-REM-OTHER-COUNT")                                                                \
    X(REM_OTHER_TRAIT, "IOW-REM-OTHER-TRAIT")                                                                \
    X(REM_EXTERNAL_OPEN, "IOW-REM-EXTERNAL-OPEN")                                                            \
    X(REM_EXTERNAL_ATS, "IOW-REM-EXTERNAL-ATS")                                                              \
    X(REM_USER_ATS, "IOW-REM-USER-ATS")                                                                      \
    X(REM_BUS_RESET, "IOW-REM-BUS-RESET")                                                                    \
    X(REM_VF_RESET, "IOW-REM-VF-RESET")                                                                      \
    X(REM_NOIOMMU_GROUP, "IOW-REM-NOIOMMU-GROUP")                                                            \
    X(REM_FOREIGN_DRIVER, "IOW-REM-FOREIGN-DRIVER")                                                          \
    X(REM_SHPC_DRIVER, "IOW-REM-SHPC-DRIVER")                                                                \
    X(REM_PRIVATE_DRIVER, "IOW-REM-PRIVATE-DRIVER")                                                          \
    X(REM_FIRMWARE_REGION, "IOW-REM-FIRMWARE-REGION")                                                        \
    X(REM_EARLY_DRIVER, "IOW-REM-EARLY-DRIVER")                                                              \
    X(REM_OVERRIDE_FINER, "IOW-REM-OVERRIDE-FINER")                                                          \
    X(REM_OPEN_INTERRUPTS, "IOW-REM-OPEN-INTERRUPTS")                                                        \
    X(REM_HOST_DISK, "IOW-REM-HOST-DISK")                                                                    \
    X(REM_HOST_CONSOLE, "IOW-REM-HOST-CONSOLE")                                                              \
    X(REM_HOST_NETWORK, "IOW-REM-HOST-NETWORK")                                                              \
    X(REM_SLOT_GROWS, "IOW-REM-SLOT-GROWS")                                                                  \
    X(REM_DOOR_RELAXED, "IOW-REM-DOOR-RELAXED")                                                              \
    X(REM_DOOR_REGISTERS, "IOW-REM-DOOR-REGISTERS")                                                          \
    X(REM_DOOR_CONFIG, "IOW-REM-DOOR-CONFIG")                                                                \
    X(REM_DOOR_MEMORY, "IOW-REM-DOOR-MEMORY")                                                                \
    X(REM_DOOR_PORT, "IOW-REM-DOOR-PORT")                                                                    \
    X(REM_PEER_MODULE, "IOW-REM-PEER-MODULE")                                                                \
    X(REM_PEER_MEMORY, "IOW-REM-PEER-MEMORY")                                                                \
    X(REM_USER_REACHES, "IOW-REM-USER-REACHES")                                                              \
    X(REM_TWO_USERS, "IOW-REM-TWO-USERS")                                                                    \
    X(REM_FINER, "IOW-REM-FINER")                                                                            \
    X(REM_DRIFT_OPENED, "IOW-REM-DRIFT-OPENED")                                                              \
    /* why a file of accepted risks is refused */                                                            \
    X(ACCEPT_SYNTAX, "IOW-ACCEPT-SYNTAX")                                                                    \
    X(ACCEPT_KEY, "IOW-ACCEPT-KEY")                                                                          \
    X(ACCEPT_VALUE, "IOW-ACCEPT-VALUE")                                                                      \
    X(ACCEPT_LACKS, "IOW-ACCEPT-LACKS")                                                                      \
    X(ACCEPT_SIZE, "IOW-ACCEPT-SIZE")                                                                        \
    /* what is missing, and why */                                                                           \
    X(READ_DENIED, "IOW-READ-DENIED")                                                                        \
    X(READ_WAITS, "IOW-READ-WAITS")                                                                          \
    X(READ_FAILED, "IOW-READ-FAILED")                                                                        \
    X(READ_CONFIG_SHORT, "IOW-READ-CONFIG-SHORT")                                                            \
    X(READ_CONFIG_LOOP, "IOW-READ-CONFIG-LOOP")                                                              \
    X(READ_CONFIG_POINTER, "IOW-READ-CONFIG-POINTER")                                                        \
    X(READ_CONFIG_MANY, "IOW-READ-CONFIG-MANY")                                                              \
    X(READ_ASLEEP, "IOW-READ-ASLEEP")                                                                        \
    X(READ_VANISHED, "IOW-READ-VANISHED")                                                                    \
    X(READ_BAD_VALUE, "IOW-READ-BAD-VALUE")                                                                  \
    X(READ_NO_PCI, "IOW-READ-NO-PCI")                                                                        \
    X(READ_HOLDERS_HIDDEN, "IOW-READ-HOLDERS-HIDDEN")                                                        \
    X(READ_TOO_MANY, "IOW-READ-TOO-MANY")                                                                    \
    X(READ_NO_MEMORY, "IOW-READ-NO-MEMORY")                                                                  \
    /* why the kernel's memory is not read */                                                                \
    X(KERNEL_PRIVILEGE, "IOW-KERNEL-PRIVILEGE")                                                              \
    X(KERNEL_BUILD, "IOW-KERNEL-BUILD")                                                                      \
    X(KERNEL_TYPES, "IOW-KERNEL-TYPES")                                                                      \
    X(KERNEL_LACKS, "IOW-KERNEL-LACKS")                                                                      \
    X(KERNEL_BPFFS, "IOW-KERNEL-BPFFS")                                                                      \
    X(KERNEL_FOLDER, "IOW-KERNEL-FOLDER")                                                                    \
    X(KERNEL_REFUSED, "IOW-KERNEL-REFUSED")                                                                  \
    /* why the kernel's decisions are not watched */                                                         \
    X(TRACE_PRIVILEGE, "IOW-TRACE-PRIVILEGE")                                                                \
    X(TRACE_BUILD, "IOW-TRACE-BUILD")                                                                        \
    X(TRACE_TYPES, "IOW-TRACE-TYPES")                                                                        \
    X(TRACE_LACKS, "IOW-TRACE-LACKS")                                                                        \
    X(TRACE_REFUSED, "IOW-TRACE-REFUSED")                                                                    \
    X(TRACE_UNSEEN, "IOW-TRACE-UNSEEN")                                                                      \
    X(TRACE_NAMELESS, "IOW-TRACE-NAMELESS")                                                                  \
    X(TRACE_ASSUMED, "IOW-TRACE-ASSUMED")                                                                    \
    X(TRACE_LOST, "IOW-TRACE-LOST")                                                                          \
    /* topology */                                                                                           \
    X(TOPO_LOOP, "IOW-TOPO-LOOP")                                                                            \
    X(TOPO_DUPLICATE, "IOW-TOPO-DUPLICATE")                                                                  \
    X(TOPO_PARENT, "IOW-TOPO-PARENT")                                                                        \
    /* captures */                                                                                           \
    X(CAP_NOT_FOUND, "IOW-CAP-NOT-FOUND")                                                                    \
    X(CAP_FOREIGN, "IOW-CAP-FOREIGN")                                                                        \
    X(CAP_DAMAGED, "IOW-CAP-DAMAGED")                                                                        \
    X(CAP_OUTSIDE, "IOW-CAP-OUTSIDE")                                                                        \
    X(CAP_TOO_BIG, "IOW-CAP-TOO-BIG")                                                                        \
    X(CAP_PROBE, "IOW-CAP-PROBE")                                                                            \
    X(CAP_WRITE, "IOW-CAP-WRITE")                                                                            \
    /* selectors */                                                                                          \
    X(SEL_SYNTAX, "IOW-SEL-SYNTAX")                                                                          \
    X(SEL_NO_MATCH, "IOW-SEL-NO-MATCH")                                                                      \
    X(SEL_AMBIGUOUS, "IOW-SEL-AMBIGUOUS")                                                                    \
    /* what a device is in use for */                                                                        \
    X(USE_MOUNT, "IOW-USE-MOUNT")                                                                            \
    X(USE_SWAP, "IOW-USE-SWAP")                                                                              \
    X(USE_HOLDER, "IOW-USE-HOLDER")                                                                          \
    X(USE_EXCLUSIVE, "IOW-USE-EXCLUSIVE")                                                                    \
    X(USE_NETWORK, "IOW-USE-NETWORK")                                                                        \
    X(USE_CONSOLE, "IOW-USE-CONSOLE")                                                                        \
    X(USE_OPEN, "IOW-USE-OPEN")                                                                              \
    X(USE_VIRTUAL_FUNCTIONS, "IOW-USE-VIRTUAL-FUNCTIONS")                                                    \
    X(USE_HELD, "IOW-USE-HELD")                                                                              \
    X(USE_PENDING, "IOW-USE-PENDING")                                                                        \
    X(USE_UNKNOWN, "IOW-USE-UNKNOWN")                                                                        \
    /* why there is no plan */                                                                               \
    X(PLAN_COMPANIONS, "IOW-PLAN-COMPANIONS")                                                                \
    X(PLAN_BRIDGE, "IOW-PLAN-BRIDGE")                                                                        \
    X(PLAN_NO_GROUP, "IOW-PLAN-NO-GROUP")                                                                    \
    X(PLAN_NO_IOMMU, "IOW-PLAN-NO-IOMMU")                                                                    \
    X(PLAN_OTHER_BUS, "IOW-PLAN-OTHER-BUS")                                                                  \
    X(PLAN_OWNED, "IOW-PLAN-OWNED")                                                                          \
    X(PLAN_CLAIMED, "IOW-PLAN-CLAIMED")                                                                      \
    X(PLAN_FIRMWARE_REGION, "IOW-PLAN-FIRMWARE-REGION")                                                      \
    X(PLAN_UNREAD, "IOW-PLAN-UNREAD")                                                                        \
    X(PLAN_NOT_LIVE, "IOW-PLAN-NOT-LIVE")                                                                    \
    X(PLAN_REACH, "IOW-PLAN-REACH")                                                                          \
    X(PLAN_IMPOSSIBLE, "IOW-PLAN-IMPOSSIBLE")                                                                \
    /* what went otherwise than planned */                                                                   \
    X(EXEC_CHANGED, "IOW-EXEC-CHANGED")                                                                      \
    X(EXEC_REFUSED, "IOW-EXEC-REFUSED")                                                                      \
    X(EXEC_NOT_SO, "IOW-EXEC-NOT-SO")                                                                        \
    X(EXEC_WAITS, "IOW-EXEC-WAITS")                                                                          \
    X(EXEC_HELD, "IOW-EXEC-HELD")                                                                            \
    X(EXEC_FOREIGN, "IOW-EXEC-FOREIGN")                                                                      \
    X(EXEC_GONE, "IOW-EXEC-GONE")                                                                            \
    X(EXEC_OTHER_DEVICE, "IOW-EXEC-OTHER-DEVICE")                                                            \
    X(EXEC_STOPPED, "IOW-EXEC-STOPPED")                                                                      \
    X(EXEC_UNSEEN, "IOW-EXEC-UNSEEN")                                                                        \
    X(EXEC_OVERRIDDEN, "IOW-EXEC-OVERRIDDEN")                                                                \
    X(EXEC_BOUND, "IOW-EXEC-BOUND")                                                                          \
    X(EXEC_LOCKED, "IOW-EXEC-LOCKED")                                                                        \
    X(EXEC_JOURNAL, "IOW-EXEC-JOURNAL")                                                                      \
    X(EXEC_NOT_CLAIMED, "IOW-EXEC-NOT-CLAIMED")                                                              \
    X(EXEC_UNFINISHED, "IOW-EXEC-UNFINISHED")                                                                \
    X(EXEC_PRIVILEGE, "IOW-EXEC-PRIVILEGE")                                                                  \
    X(EXEC_COMMAND, "IOW-EXEC-COMMAND")                                                                      \
    X(EXEC_USER, "IOW-EXEC-USER")                                                                            \
    /* what ownership refuses or warns of */                                                                 \
    X(DMA_NO_DOMAIN, "IOW-DMA-NO-DOMAIN")                                                                    \
    X(DMA_OTHER_IOMMU, "IOW-DMA-OTHER-IOMMU")                                                                \
    X(DMA_ATTACH_BY_NOBODY, "IOW-DMA-ATTACH-BY-NOBODY")                                                      \
    X(DMA_ATTACH_DRIVERS, "IOW-DMA-ATTACH-DRIVERS")                                                          \
    X(DMA_OTHER_OWNER, "IOW-DMA-OTHER-OWNER")                                                                \
    X(DMA_ATTACH_AWAY, "IOW-DMA-ATTACH-AWAY")                                                                \
    X(DMA_NOT_ATTACHED, "IOW-DMA-NOT-ATTACHED")                                                              \
    X(DMA_DETACH_PASIDS, "IOW-DMA-DETACH-PASIDS")                                                            \
    X(DMA_NO_DEFAULT, "IOW-DMA-NO-DEFAULT")                                                                  \
    X(DMA_PROBE_OWNED, "IOW-DMA-PROBE-OWNED")                                                                \
    X(DMA_PROBE_PRIVATE, "IOW-DMA-PROBE-PRIVATE")                                                            \
    X(DMA_PROBE_PASIDS, "IOW-DMA-PROBE-PASIDS")                                                              \
    X(DMA_TOO_MANY, "IOW-DMA-TOO-MANY")                                                                      \
    X(DMA_COUNT_LOST, "IOW-DMA-COUNT-LOST")                                                                  \
    X(DMA_COUNT_KEPT, "IOW-DMA-COUNT-KEPT")                                                                  \
    X(DMA_DETACH_FIRST, "IOW-DMA-DETACH-FIRST")                                                              \
    X(DMA_UNSUPPORTED, "IOW-DMA-UNSUPPORTED")                                                                \
    X(DMA_NO_GROUP, "IOW-DMA-NO-GROUP")                                                                      \
    X(DMA_CLAIM_BY_NOBODY, "IOW-DMA-CLAIM-BY-NOBODY")                                                        \
    X(DMA_CLAIM_KERNEL, "IOW-DMA-CLAIM-KERNEL")                                                              \
    X(DMA_CLAIM_OWNED, "IOW-DMA-CLAIM-OWNED")                                                                \
    X(DMA_CLAIM_AWAY, "IOW-DMA-CLAIM-AWAY")                                                                  \
    X(DMA_CLAIM_PASIDS, "IOW-DMA-CLAIM-PASIDS")                                                              \
    X(DMA_RELEASE_UNOWNED, "IOW-DMA-RELEASE-UNOWNED")                                                        \
    X(DMA_RELEASE_PASIDS, "IOW-DMA-RELEASE-PASIDS")                                                          \
    X(DMA_NOT_ALONE, "IOW-DMA-NOT-ALONE")                                                                    \
    X(DMA_DETACH_OTHER, "IOW-DMA-DETACH-OTHER")                                                              \
    X(DMA_DETACH_NOT_ALONE, "IOW-DMA-DETACH-NOT-ALONE")                                                      \
    X(DMA_NO_PASID, "IOW-DMA-NO-PASID")                                                                      \
    X(DMA_NEWCOMER_BOUND, "IOW-DMA-NEWCOMER-BOUND")                                                          \
    X(DMA_TYPE_NONE, "IOW-DMA-TYPE-NONE")                                                                    \
    X(DMA_TYPE_NOT_ALONE, "IOW-DMA-TYPE-NOT-ALONE")                                                          \
    X(DMA_TYPE_IN_USE, "IOW-DMA-TYPE-IN-USE")                                                                \
    X(DMA_TYPE_EMPTY, "IOW-DMA-TYPE-EMPTY")                                                                  \
    X(DMA_TYPE_BOUND, "IOW-DMA-TYPE-BOUND")                                                                  \
    X(DMA_TYPE_AWAY, "IOW-DMA-TYPE-AWAY")                                                                    \
    X(DMA_TYPE_FORCED, "IOW-DMA-TYPE-FORCED")                                                                \
    X(DMA_ATTACH_FAILED, "IOW-DMA-ATTACH-FAILED")                                                            \
    X(DMA_STUCK, "IOW-DMA-STUCK")                                                                            \
    X(DMA_DIRECT, "IOW-DMA-DIRECT")                                                                          \
    X(DMA_PHASE, "IOW-DMA-PHASE")                                                                            \
    X(DMA_BOUND, "IOW-DMA-BOUND")                                                                            \
    X(DMA_IN_GROUP, "IOW-DMA-IN-GROUP")                                                                      \
    X(DMA_PASIDS_LEFT, "IOW-DMA-PASIDS-LEFT")                                                                \
    X(DMA_NO_HOOK, "IOW-DMA-NO-HOOK")                                                                        \
    /* where a memory request goes */                                                                        \
    X(ROUTE_MASTER_OFF, "IOW-ROUTE-MASTER-OFF")                                                              \
    X(ROUTE_UPSTREAM_OFF, "IOW-ROUTE-UPSTREAM-OFF")                                                          \
    X(ROUTE_TARGET_OFF, "IOW-ROUTE-TARGET-OFF")                                                              \
    X(ROUTE_NO_REGISTERS, "IOW-ROUTE-NO-REGISTERS")                                                          \
    X(ROUTE_WINDOW, "IOW-ROUTE-WINDOW")                                                                      \
    X(ROUTE_UNTRANSLATED_ONLY, "IOW-ROUTE-UNTRANSLATED-ONLY")                                                \
    X(ROUTE_UNREAD, "IOW-ROUTE-UNREAD")                                                                      \
    X(ROUTE_OVERLAP, "IOW-ROUTE-OVERLAP")                                                                    \
    X(ROUTE_SENT, "IOW-ROUTE-SENT")                                                                          \
    X(ROUTE_SOURCE, "IOW-ROUTE-SOURCE")                                                                      \
    X(ROUTE_TRANSLATED_BLOCKED, "IOW-ROUTE-TRANSLATED-BLOCKED")                                              \
    X(ROUTE_OWN_FORWARDED, "IOW-ROUTE-OWN-FORWARDED")                                                        \
    X(ROUTE_OWN_WINDOW, "IOW-ROUTE-OWN-WINDOW")                                                              \
    X(ROUTE_NOT_PEER, "IOW-ROUTE-NOT-PEER")                                                                  \
    X(ROUTE_NO_ACS, "IOW-ROUTE-NO-ACS")                                                                      \
    X(ROUTE_TRANSLATED_DIRECT, "IOW-ROUTE-TRANSLATED-DIRECT")                                                \
    X(ROUTE_EGRESS_BLOCKED, "IOW-ROUTE-EGRESS-BLOCKED")                                                      \
    X(ROUTE_EGRESS_DIRECT, "IOW-ROUTE-EGRESS-DIRECT")                                                        \
    X(ROUTE_REDIRECTED, "IOW-ROUTE-REDIRECTED")                                                              \
    X(ROUTE_NOT_REDIRECTED, "IOW-ROUTE-NOT-REDIRECTED")                                                      \
    X(ROUTE_FUNCTIONS, "IOW-ROUTE-FUNCTIONS")                                                                \
    X(ROUTE_VIRTUAL_FUNCTIONS, "IOW-ROUTE-VIRTUAL-FUNCTIONS")                                                \
    X(ROUTE_FUNCTIONS_APART, "IOW-ROUTE-FUNCTIONS-APART")                                                    \
    X(ROUTE_PASSES, "IOW-ROUTE-PASSES")                                                                      \
    X(ROUTE_BRIDGE_PASSES, "IOW-ROUTE-BRIDGE-PASSES")                                                        \
    X(ROUTE_BRIDGE_OWN, "IOW-ROUTE-BRIDGE-OWN")                                                              \
    X(ROUTE_SHARED_BUS, "IOW-ROUTE-SHARED-BUS")                                                              \
    X(ROUTE_ROOT_BUS, "IOW-ROUTE-ROOT-BUS")                                                                  \
    X(ROUTE_ROOT_COMPLEX, "IOW-ROUTE-ROOT-COMPLEX")                                                          \
    X(ROUTE_PORT_REGISTERS, "IOW-ROUTE-PORT-REGISTERS")                                                      \
    X(ROUTE_IOMMU, "IOW-ROUTE-IOMMU")                                                                        \
    X(ROUTE_NO_IOMMU, "IOW-ROUTE-NO-IOMMU")                                                                  \
    X(ROUTE_ATS, "IOW-ROUTE-ATS")                                                                            \
    X(ROUTE_ATS_OFF, "IOW-ROUTE-ATS-OFF")                                                                    \
    X(ROUTE_DOWN, "IOW-ROUTE-DOWN")                                                                          \
    X(ROUTE_ARRIVED, "IOW-ROUTE-ARRIVED")                                                                    \
    /* where the kernel's groups do not agree with what the hardware isolates */                             \
    X(HW_ACS_CLEARED, "IOW-HW-ACS-CLEARED")                                                                  \
    X(HW_OVERRIDE, "IOW-HW-OVERRIDE")                                                                        \
    X(HW_SWITCH, "IOW-HW-SWITCH")                                                                            \
    X(HW_EGRESS_CONTROL, "IOW-HW-EGRESS-CONTROL")                                                            \
    X(HW_TRANSLATED, "IOW-HW-TRANSLATED")                                                                    \
    X(HW_OWN_WINDOW, "IOW-HW-OWN-WINDOW")                                                                    \
    X(HW_FUNCTIONS, "IOW-HW-FUNCTIONS")                                                                      \
    X(HW_VIRTUAL_FUNCTIONS, "IOW-HW-VIRTUAL-FUNCTIONS")                                                      \
    X(HW_ROOT_BUS, "IOW-HW-ROOT-BUS")                                                                        \
    X(HW_ROOT_COMPLEX, "IOW-HW-ROOT-COMPLEX")                                                                \
    X(HW_PORT_REGISTERS, "IOW-HW-PORT-REGISTERS")                                                            \
    X(HW_NO_IOMMU, "IOW-HW-NO-IOMMU")                                                                        \
    X(HW_ATS, "IOW-HW-ATS")                                                                                  \
    X(HW_UNREAD, "IOW-HW-UNREAD")                                                                            \
    X(HW_OTHER, "IOW-HW-OTHER")                                                                              \
    X(HW_SPLIT_AT_BOOT, "IOW-HW-SPLIT-AT-BOOT")                                                              \
    X(HW_SPLIT_BY_BITS, "IOW-HW-SPLIT-BY-BITS")                                                              \
    X(HW_SPLIT_BY_NOTHING, "IOW-HW-SPLIT-BY-NOTHING")                                                        \
    /* what is behind a message of another program */                                                        \
    X(MSG_DRIVER, "IOW-MSG-DRIVER")                                                                          \
    X(MSG_HELD, "IOW-MSG-HELD")                                                                              \
    X(MSG_HELD_PERHAPS, "IOW-MSG-HELD-PERHAPS")                                                              \
    X(MSG_PENDING, "IOW-MSG-PENDING")                                                                        \
    X(MSG_HIDDEN, "IOW-MSG-HIDDEN")                                                                          \
    X(MSG_VIABLE, "IOW-MSG-VIABLE")                                                                          \
    X(MSG_FREE, "IOW-MSG-FREE")                                                                              \
    X(MSG_NO_NODE, "IOW-MSG-NO-NODE")                                                                        \
    X(MSG_NODE, "IOW-MSG-NODE")                                                                              \
    X(MSG_NODE_ACCESS, "IOW-MSG-NODE-ACCESS")                                                                \
    X(MSG_NOT_VFIO, "IOW-MSG-NOT-VFIO")                                                                      \
    X(MSG_ON_VFIO, "IOW-MSG-ON-VFIO")                                                                        \
    X(MSG_BOUND, "IOW-MSG-BOUND")                                                                            \
    X(MSG_UNBOUND, "IOW-MSG-UNBOUND")                                                                        \
    X(MSG_UNTRIED, "IOW-MSG-UNTRIED")                                                                        \
    X(MSG_NO_FUNCTION, "IOW-MSG-NO-FUNCTION")                                                                \
    X(MSG_FUNCTION, "IOW-MSG-FUNCTION")                                                                      \
    X(MSG_NO_SUCH_GROUP, "IOW-MSG-NO-SUCH-GROUP")                                                            \
    X(MSG_OTHER_GROUP, "IOW-MSG-OTHER-GROUP")                                                                \
    X(MSG_NO_GROUP, "IOW-MSG-NO-GROUP")                                                                      \
    X(MSG_IN_GROUP, "IOW-MSG-IN-GROUP")                                                                      \
    X(MSG_NO_IOMMU, "IOW-MSG-NO-IOMMU")                                                                      \
    X(MSG_IOMMU, "IOW-MSG-IOMMU")                                                                            \
    X(MSG_NAMELESS, "IOW-MSG-NAMELESS")                                                                      \
    X(MSG_BEFORE, "IOW-MSG-BEFORE")                                                                          \
    X(MSG_UNEXPLAINED, "IOW-MSG-UNEXPLAINED")                                                                \
    X(MSG_DIRECT, "IOW-MSG-DIRECT")                                                                          \
    X(MSG_NO_DIRECT, "IOW-MSG-NO-DIRECT")                                                                    \
    X(MSG_UNSAFE, "IOW-MSG-UNSAFE")                                                                          \
    X(MSG_UNSAFE_ALLOWED, "IOW-MSG-UNSAFE-ALLOWED")                                                          \
    X(MSG_NO_BACKEND, "IOW-MSG-NO-BACKEND")                                                                  \
    X(MSG_BACKEND, "IOW-MSG-BACKEND")                                                                        \
    X(MSG_NO_MODULE, "IOW-MSG-NO-MODULE")                                                                    \
    X(MSG_MODULE, "IOW-MSG-MODULE")                                                                          \
    X(MSG_MEMLOCK, "IOW-MSG-MEMLOCK")                                                                        \
    X(MSG_RESERVED, "IOW-MSG-RESERVED")                                                                      \
    X(MSG_MAPPINGS, "IOW-MSG-MAPPINGS")                                                                      \
    X(MSG_TWICE, "IOW-MSG-TWICE")                                                                            \
    X(MSG_TWO_SPACES, "IOW-MSG-TWO-SPACES")                                                                  \
    X(MSG_NO_RESET, "IOW-MSG-NO-RESET")                                                                      \
    X(MSG_RESET, "IOW-MSG-RESET")                                                                            \
    X(MSG_RESET_OTHERS, "IOW-MSG-RESET-OTHERS")                                                              \
    X(MSG_RESET_FAILED, "IOW-MSG-RESET-FAILED")                                                              \
    X(MSG_POWER, "IOW-MSG-POWER")                                                                            \
    X(MSG_POWERED, "IOW-MSG-POWERED")                                                                        \
    X(MSG_FAULT_BEHIND, "IOW-MSG-FAULT-BEHIND")                                                              \
    X(MSG_FAULT_KERNEL, "IOW-MSG-FAULT-KERNEL")                                                              \
    X(MSG_FAULT_USER, "IOW-MSG-FAULT-USER")                                                                  \
    X(MSG_FAULT_NOBODY, "IOW-MSG-FAULT-NOBODY")                                                              \
    X(MSG_BAR, "IOW-MSG-BAR")                                                                                \
    X(MSG_BAR_DISPLAY, "IOW-MSG-BAR-DISPLAY")                                                                \
    X(MSG_VF_TOKEN, "IOW-MSG-VF-TOKEN")                                                                      \
    X(MSG_NO_VF_TOKEN, "IOW-MSG-NO-VF-TOKEN")                                                                \
    X(MSG_DENYLIST, "IOW-MSG-DENYLIST")                                                                      \
    X(MSG_VFS, "IOW-MSG-VFS")                                                                                \
    X(MSG_NO_VFS, "IOW-MSG-NO-VFS")                                                                          \
    X(MSG_BRIDGE, "IOW-MSG-BRIDGE")                                                                          \
    X(MSG_ENDPOINT, "IOW-MSG-ENDPOINT")                                                                      \
    X(MSG_SWITCH, "IOW-MSG-SWITCH")                                                                          \
    X(MSG_NO_SWITCH, "IOW-MSG-NO-SWITCH")                                                                    \
    X(MSG_IN_USE, "IOW-MSG-IN-USE")                                                                          \
    X(MSG_IOVA, "IOW-MSG-IOVA")                                                                              \
    X(MSG_NO_IOMMU_MODE, "IOW-MSG-NO-IOMMU-MODE")                                                            \
    X(MSG_NO_IOMMU_MODE_OFF, "IOW-MSG-NO-IOMMU-MODE-OFF")                                                    \
    /* simulated machines */                                                                                 \
    X(SIM_TOPOLOGY, "IOW-SIM-TOPOLOGY")                                                                      \
    X(SIM_COMMAND, "IOW-SIM-COMMAND")

enum iow_rule {
#define IOW_RULE_ENUM(name, id) IOW_RULE_##name,
    IOW_RULE_LIST(IOW_RULE_ENUM)
#undef IOW_RULE_ENUM
    IOW_RULE__COUNT
};

/* iow_rule_id - "IOW-GRP-PATH" and so on; "IOW-NONE" for a number that is no rule */
const char *iow_rule_id(enum iow_rule rule);

#ifdef __cplusplus
}
#endif
#endif
