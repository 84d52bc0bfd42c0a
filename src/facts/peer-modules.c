/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/facts.h>

static const struct iow_peer_module modules[] = {
    {"ib_uverbs", IOW_PEER_VERBS},
    {"ntb_netdev", IOW_PEER_OTHER_HOST},
    {"ntb_perf", IOW_PEER_OTHER_HOST},
    {"ntb_transport", IOW_PEER_OTHER_HOST},
    {"nv_peer_mem", IOW_PEER_GPU_MEMORY},
    {"nvidia_fs", IOW_PEER_DISKS},
    {"nvidia_peermem", IOW_PEER_GPU_MEMORY},
    {"nvmet", IOW_PEER_NVME_TARGET},
    {"vhost_vdpa", IOW_PEER_VIRTQUEUES},
};

const struct iow_peer_module *iow_peer_module_at(uint32_t i)
{
    return i < sizeof(modules) / sizeof(modules[0]) ? &modules[i] : NULL;
}
