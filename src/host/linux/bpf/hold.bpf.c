/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which device an anonymous file of VFIO is, of every file and every mapping of every process: iterators, whose
 * pinned links are read like files and give records one after the other.
 *
 * VFIO's types are its module's: these programs can be loaded only when it is there.
 * Source: Linux 6.1 drivers/vfio/vfio_main.c, 6.12 drivers/vfio/group.c vfio_device_open_file(): what is behind
 * private_data.
 */
#include <linux/bpf.h>
#include <linux/magic.h>
#include <stdbool.h>

#include "kernel.h"
#include "record.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char program_license[] SEC("license") = "GPL";

static const char device_file[] = "[vfio-device]";

static __always_inline bool is_device_file(struct file *file)
{
    char name[sizeof(device_file)];

    if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != ANON_INODE_FS_MAGIC ||
        bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name)) !=
            sizeof(name))
        return false;
    for (unsigned i = 0; i < sizeof(name); i++)
        if (name[i] != device_file[i])
            return false;
    return true;
}

static __always_inline void tell(struct seq_file *seq, struct task_struct *task, __u32 fd, struct file *file)
{
    struct iow_file_record record = {.pid = (__u32)BPF_CORE_READ(task, tgid), .fd = fd};
    void *private = BPF_CORE_READ(file, private_data);
    struct vfio_device *device = private;

    if (bpf_core_type_exists(struct vfio_device_file))
        device = BPF_CORE_READ((struct vfio_device_file *)private, device);
    bpf_probe_read_kernel_str(record.name, sizeof(record.name), BPF_CORE_READ(device, dev, kobj.name));
    bpf_seq_write(seq, &record, sizeof(record));
}

/* What is NULL after the last one is looked at once only: a second look might find another thing. */
SEC("iter/task_file")
int look_at_files(struct bpf_iter__task_file *ctx)
{
    struct task_struct *task = ctx->task;
    struct file *file = ctx->file;

    if (task && file && is_device_file(file))
        tell(ctx->meta->seq, task, ctx->fd, file);
    return 0;
}

SEC("iter/task_vma")
int look_at_mappings(struct bpf_iter__task_vma *ctx)
{
    struct vm_area_struct *vma = ctx->vma;
    struct task_struct *task = ctx->task;
    struct file *file = vma ? BPF_CORE_READ(vma, vm_file) : NULL;

    if (task && file && is_device_file(file))
        tell(ctx->meta->seq, task, IOW_RECORD_MAPPED, file);
    return 0;
}
