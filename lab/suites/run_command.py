# SPDX-License-Identifier: GPL-2.0-or-later
"""A command has its group until it and all that it left behind are gone; then everything goes back."""

from claims import DONE, PENDING, check_tests, ended, has_claims, held, ownership, unchanged

GROUP = ("03:00.0", "04:01.0", "04:02.0", "04:03.0")
BRIDGES = ("03:00.0",)
KILLED = 128 + 9


def check(case, records, report):
    if not has_claims(case, report):
        return
    check_tests(records, report, "dma", "code", "absent", "killed", "daemon", "orphan")
    dma = ended(report, records, "dma.run", 0)
    report.that("dma: the command's DMA passes the IOMMU and nothing else does",
                "DMA goes through the IOMMU" in dma.out, dma.said, "DMA goes through the IOMMU")
    code = ended(report, records, "code.run", 7)
    report.that("code: the command is the user", "1000" in code.out.split(), code.said, "1000")
    ended(report, records, "absent.run", 127)
    ended(report, records, "killed.run", KILLED)

    ended(report, records, "daemon.run", 0)
    held(report, records, "daemon", GROUP, BRIDGES)
    unchanged(report, "daemon: nobody takes it from the child", ownership(records, "daemon.early"),
              ownership(records, "daemon.held"))
    ended(report, records, "daemon.resume", DONE)

    ended(report, records, "orphan.run", KILLED)
    ended(report, records, "orphan.early", DONE, PENDING)
    held(report, records, "orphan", GROUP, BRIDGES)
    ended(report, records, "orphan.resume", DONE)
