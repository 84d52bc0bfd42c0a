# SPDX-License-Identifier: GPL-2.0-or-later
"""A user's DMA goes through the IOMMU, and ioward names that user for as long as it holds the group."""

from assertions import groups_agree, has_status, holders_of, owner_of, owners_follow_drivers
from replay import same_answer

USER = 1000

# Whether an open group is in a container cannot be read anywhere, so "unknown" is an honest answer there.
OWNERS = {
    "handed-over": ("none",),
    "held": ("user",),
    "released": ("none",),
    "claimed": ("user", "unknown"),
    "opened": ("none", "unknown"),
}


def check(case, records, report):
    address = records.text("address")
    report.equal("dma: an ordinary user's DMA passes the IOMMU and nothing else does",
                 (records.text("dma.exit"), records.text("dma.output")), ("0", "DMA goes through the IOMMU\nholding"))
    for step in ("container", "group-only"):
        report.equal(f"{step}: the user may", (records.text(f"{step}.exit"), records.text(f"{step}.output")),
                     ("0", "holding"))
    if not has_status(report, records.snapshot("handed-over")):
        return

    for step in ("at-work", "taken-back"):
        owners_follow_drivers(report, records.snapshot(step))
    for step, owners in OWNERS.items():
        snapshot = records.snapshot(step)
        groups_agree(report, snapshot)
        report.one_of(f"{step}: owner", owner_of(snapshot, address), owners)
    for step, holder in {"held": "dma", "claimed": "container", "opened": "group-only"}.items():
        held = [(one["pid"], one["uid"]) for one in holders_of(records.snapshot(step), address)]
        report.that(f"{step}: ioward names the holder", (int(records.text(f"{holder}.pid")), USER) in held,
                    held, f"{(int(records.text(f'{holder}.pid')), USER)} among them")
    for step in ("handed-over", "released", "taken-back"):
        report.equal(f"{step}: nobody holds it", holders_of(records.snapshot(step), address), [])
    for recording in ("held.tar.zst", "held-shell.tar.zst"):
        same_answer(report, case, f"held: {recording} tells the same owner", ["status"],
                    records.folder / recording, records.text("held.text"))
