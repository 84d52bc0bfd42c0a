# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's own drivers, built for Debian's kernels against the headers of exactly their release.

The headers are unpacked where they are needed and go again; what stays in the build directory is the module.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import kernelimage
from kernelimage import LabError

SOURCE = Path(__file__).resolve().parent / "drivers" / "iow_lab_drivers.c"
TOOLS = ("make", "gcc-12", "apt-cache")
NEEDED = re.compile(r"^ *Depends: (linux-(?:headers-\S+-common|kbuild-\S+))$", re.MULTILINE)
LINES_OF_A_FAILURE = 20


def path(version, build):
    """Of the module for this kernel; None for the lab's own kernels, whose headers are no package."""
    if version not in kernelimage.PACKAGES or not kernelimage.home(version, build).exists():
        return None
    release = next((kernelimage.home(version, build) / "lib" / "modules").iterdir()).name
    return Path(build).resolve() / "lab" / "drivers" / release / f"{SOURCE.stem}.ko"


def ensure(version, build):
    """Build it, unless what is there is of this source."""
    module = path(version, build)
    if module is None or module.exists() and module.stat().st_mtime >= SOURCE.stat().st_mtime:
        return
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        raise LabError(f"missing on this host: {', '.join(missing)}; tools/setup lab installs them")
    release = module.parent.name
    module.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="headers.", dir=module.parent) as scratch:
        built = compile_for(release, Path(scratch))
        os.replace(built, module)


def compile_for(release, scratch):
    """The headers' own Makefile names its other half by where a package puts it: so that half is asked directly."""
    root, work = scratch / "root", scratch / "work"
    headers = f"linux-headers-{release}"
    for package in (headers, *packages_needed(headers)):
        folder = scratch / package
        folder.mkdir()
        subprocess.run(["dpkg-deb", "-x", kernelimage.download(package, folder), root], check=True)
    common, = (root / "usr" / "src").glob("linux-headers-*-common")
    work.mkdir()
    shutil.copy(SOURCE, work)
    (work / "Makefile").write_text(f"obj-m := {SOURCE.stem}.o\n")
    done = subprocess.run(["make", "-C", common, f"O={root / 'usr' / 'src' / headers}", f"M={work}", "modules"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-LINES_OF_A_FAILURE:])
        raise LabError(f"{SOURCE.name} does not build for {release}:\n{tail}")
    return work / f"{SOURCE.stem}.ko"


def packages_needed(headers):
    told = subprocess.run(["apt-cache", "depends", headers], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"}).stdout
    needed = NEEDED.findall(told)
    if len(needed) != 2:
        raise LabError(f"apt knows no {headers}: it has another kernel by now. Remove the kernels in the build "
                       "directory, so that the newest is fetched, or run apt-get update")
    return needed
