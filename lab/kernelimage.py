# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernels for the guests, in the build directory: Debian's, fetched once, and those that kernelbuild.py made."""

import gzip
import lzma
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import kernelconfig

PACKAGES = {
    "6.1": re.compile(r"linux-image-6\.1\.0-\d+-amd64-unsigned"),
    "6.12": re.compile(r"linux-image-6\.12\.\d+\+deb12-amd64-unsigned"),
}
KERNELS = (*PACKAGES, *kernelconfig.FLAVOURS)
RECORD = "built"  # what a kernel of the lab's own was built from

# In load order. virtio-iommu comes before the transport of the root file system: without it
# the probe of the 9p device is deferred for ever. Kernels that lack a module have it built in.
INITRD_MODULES = ("qemu_fw_cfg", "virtio_pci", "virtio-iommu", "9pnet_virtio", "9p", "overlay")

LAB = Path(__file__).resolve().parent
FIRST_STAGE = LAB / "guest" / "init"
BUSYBOX = Path("/bin/busybox")


class LabError(Exception):
    """The lab itself cannot go on; the message says what is missing."""


@dataclass(frozen=True)
class KernelImage:
    release: str
    vmlinuz: Path
    modules: Path
    initrd: Path


def prepare(version, build):
    """Return the kernel of this version; Debian's is first fetched and unpacked where that is needed."""
    if version not in KERNELS:
        raise LabError(f"no kernel {version!r}: the lab knows {', '.join(KERNELS)}")
    if reason := why_absent(version, build):
        raise LabError(reason)
    home_folder = home(version, build)
    if not home_folder.exists():
        unpack(newest_package(PACKAGES[version]), home_folder)
    modules = home_folder / "lib" / "modules"
    release = next(modules.iterdir()).name
    initrd = home_folder / "initrd.gz"
    if not initrd.exists() or initrd.stat().st_mtime < newest_input():
        write_initrd(initrd, modules / release)
    return KernelImage(release, home_folder / "boot" / f"vmlinuz-{release}", modules, initrd)


def home(version, build):
    return Path(build).resolve() / "lab" / "kernels" / version


def why_absent(version, build):
    """Empty for a kernel that is there or that prepare() can fetch; one to be built takes its time and is asked for."""
    if version in PACKAGES:
        return ""
    built = recorded(home(version, build))
    if not built:
        return f"{version} is not built; make lab-kernels does that"
    # A newer source is no reason: like Debian's kernels, one that is there stays until it is asked for again.
    if built.splitlines()[0] != record(kernelconfig.digest(version), "").splitlines()[0]:
        return f"{version} was built from another configuration; make lab-kernels builds it again"
    return ""


def record(digest, source):
    return f"configuration {digest}\nsource {source}\n"


def recorded(home_folder):
    path = home_folder / RECORD
    return path.read_text() if path.exists() else ""


def newest_input():
    return max(path.stat().st_mtime for path in (FIRST_STAGE, Path(__file__)))


def newest_package(pattern):
    names = subprocess.run(["apt-cache", "pkgnames", "linux-image-6."],
                           check=True, capture_output=True, text=True).stdout.split()
    matching = [name for name in names if pattern.fullmatch(name)]
    if not matching:
        raise LabError(f"apt knows no package {pattern.pattern}; run apt-get update")
    return max(matching, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def unpack(package, home):
    """Unpack beside `home` and rename at the end, so that `home` is either complete or absent."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{home.name}.", dir=home.parent) as scratch:
        archive = download(package, scratch)
        root = Path(scratch) / "root"
        subprocess.run(["dpkg-deb", "-x", archive, root], check=True)
        release = next((root / "lib" / "modules").iterdir()).name
        subprocess.run(["depmod", "-b", root, release], check=True)
        try:
            root.rename(home)
        except OSError:
            if not home.exists():  # else another run was faster, with the same result
                raise


def download(package, folder):
    # apt's own sandbox user may not be able to write here, and says so at length.
    subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package], cwd=folder, check=True)
    archive, = Path(folder).glob("*.deb")
    return archive


def write_initrd(initrd, modules):
    members = {"init": (0o100755, FIRST_STAGE.read_bytes()),
               "busybox": (0o100755, BUSYBOX.read_bytes())}
    order = []
    for path in load_order(modules):
        name = path.name.removesuffix(".xz")
        content = path.read_bytes()
        members[name] = (0o100644, lzma.decompress(content) if path.suffix == ".xz" else content)
        order.append(name)
    members["modules"] = (0o100644, "".join(f"{name}\n" for name in order).encode())

    handle, scratch = tempfile.mkstemp(prefix=f"{initrd.name}.", dir=initrd.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(gzip.compress(cpio(members), compresslevel=1))
    os.chmod(scratch, 0o644)
    os.replace(scratch, initrd)


def load_order(modules):
    dependencies = {}
    for line in (modules / "modules.dep").read_text().splitlines():
        path, _, needs = line.partition(":")
        dependencies[path] = needs.split()
    by_name = {Path(path).name.split(".")[0]: path for path in dependencies}

    ordered = []
    for name in INITRD_MODULES:
        if name not in by_name:
            continue
        path = by_name[name]
        # modules.dep lists what must be loaded last first.
        ordered += [need for need in reversed(dependencies[path]) if need not in ordered]
        if path not in ordered:
            ordered.append(path)
    return [modules / path for path in ordered]


def cpio(members):
    """An archive in the kernel's "newc" format, which knows only names, modes and bytes here."""
    archive = bytearray()
    for number, (name, (mode, content)) in enumerate([*members.items(), ("TRAILER!!!", (0, b""))]):
        encoded = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields)
        archive += encoded + bytes(-(len(archive) + len(encoded)) % 4)
        archive += content + bytes(-(len(archive) + len(content)) % 4)
    return bytes(archive)


def require_tools():
    missing = [tool for tool in ("qemu-system-x86_64", "setpriv", "apt-get", "dpkg-deb", "depmod", BUSYBOX)
               if not shutil.which(tool)]
    if missing:
        raise LabError(f"missing on this host: {', '.join(str(tool) for tool in missing)}")
