/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two drivers for what stock kernels do only with hardware that no emulator has, or by a mistake:
 *
 *  iow-lab-private  attaches a domain of its own to the group of its device, as drm/tegra, usnic_verbs and vp_vdpa do;
 *  iow-lab-forgets  claims the group of its device and forgets to release it, until the module goes.
 *
 * Neither has a table of devices: driver_override gives them theirs.
 */
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/version.h>

static struct iommu_domain *new_domain(struct device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
    struct iommu_domain *domain = iommu_paging_domain_alloc(dev);

    return IS_ERR(domain) ? NULL : domain;
#else
    return iommu_domain_alloc(dev->bus);
#endif
}

static int private_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
    struct iommu_domain *domain = new_domain(&pdev->dev);
    int ret;

    if (!domain)
        return -ENOMEM;
    ret = iommu_attach_group(domain, pdev->dev.iommu_group);
    if (ret) {
        iommu_domain_free(domain);
        return ret;
    }
    pci_set_drvdata(pdev, domain);
    return 0;
}

static void private_remove(struct pci_dev *pdev)
{
    struct iommu_domain *domain = pci_get_drvdata(pdev);

    iommu_detach_group(domain, pdev->dev.iommu_group);
    iommu_domain_free(domain);
}

static struct iommu_group *forgotten;

static int forgets_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
    struct iommu_group *group;
    int ret;

    if (forgotten)
        return -EBUSY;
    group = iommu_group_get(&pdev->dev);
    if (!group)
        return -ENODEV;
    ret = iommu_group_claim_dma_owner(group, &forgotten);
    if (ret)
        iommu_group_put(group);
    else
        forgotten = group;
    return ret;
}

static struct pci_driver private_driver = {
    .name = "iow-lab-private",
    .probe = private_probe,
    .remove = private_remove,
};

static struct pci_driver forgets_driver = {
    .name = "iow-lab-forgets",
    .probe = forgets_probe,
    .driver_managed_dma = true,
};

static int __init lab_init(void)
{
    int ret = pci_register_driver(&private_driver);

    if (ret)
        return ret;
    ret = pci_register_driver(&forgets_driver);
    if (ret)
        pci_unregister_driver(&private_driver);
    return ret;
}

static void __exit lab_exit(void)
{
    pci_unregister_driver(&forgets_driver);
    pci_unregister_driver(&private_driver);
    if (forgotten) {
        iommu_group_release_dma_owner(forgotten);
        iommu_group_put(forgotten);
    }
}

module_init(lab_init);
module_exit(lab_exit);
MODULE_DESCRIPTION("drivers that own groups in rare ways, for tests");
MODULE_LICENSE("GPL");
