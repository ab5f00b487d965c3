"""What virtual machines start: Debian's kernel, and an initramfs of busybox, modules and one script."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from daxbench import debian

from . import workload

# crc32c_generic comes first: libcrc32c asks for it when it is loaded.
MODULES = ["virtio_pci", "virtio_blk", "virtio_pmem", "nd_pmem", "crc32c_generic", "erofs", "overlay"]

# In a guest: mounts the base, an overlay over it, and runs the workload there. Last it says what the guest's
# memory holds. "@" begins what the host reads.
_INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
dmesg -n 1  # the console is for what the host reads
for module in MODULES; do modprobe $module; done
way=$(sed 's/.*daxshare=\\([a-z]*\\).*/\\1/' /proc/cmdline)
mkdir -p /base /over /root
if [ "$way" = pmem ]; then
  mount -t erofs -o ro,dax=always /dev/pmem0 /base || echo @failed mount of pmem
else
  mount -t erofs -o ro /dev/vda /base || echo @failed mount of disk
fi
mount -t tmpfs none /over
mkdir /over/upper /over/work
mount -t overlay -o lowerdir=/base,upperdir=/over/upper,workdir=/over/work none /root || echo @failed overlay
mkdir -p /root/proc /root/sys
mount -t proc none /root/proc
mount -t sysfs none /root/sys
cached() { awk '/^(Cached|Buffers):/ { sum += $2 } /^Shmem:/ { sum -= $2 } END { print sum * 1024 }' /proc/meminfo; }
echo 3 >/proc/sys/vm/drop_caches
echo
echo "@cached-before $(cached)"
{ cat /list; echo; cat /where; sleep 100000; } | chroot /root COMMAND |
  while read line; do echo "@$line"; case $line in where*) echo "@cached-after $(cached)"; echo @done;; esac; done
"""

# Sent to the workload when it is ready: where the pages of its mapped code are, by their physical addresses.
_WHERE = """\
import os, struct
device = "/sys/bus/nd/devices/namespace0.0/"
low = high = 0
if os.path.exists(device):
    low = int(open(device + "resource").read(), 16)
    high = low + int(open(device + "size").read())
pages = inside = 0
table = open("/proc/self/pagemap", "rb")
for line in open("/proc/self/maps"):
    fields = line.split()
    if "x" not in fields[1] or len(fields) < 6 or fields[5][0] != "/": continue
    start, end = (int(each, 16) for each in fields[0].split("-"))
    table.seek(start // 4096 * 8)
    for entry, in struct.iter_unpack("<Q", table.read((end - start) // 4096 * 8)):
        if entry >> 63:
            address = (entry & ((1 << 55) - 1)) * 4096
            pages += 1
            inside += low <= address < high
print("where", pages, inside, flush=True)
"""


class Guest:
    """A kernel and an initramfs, made once below a work directory."""

    def __init__(self, work, lines, say):
        self.work = work
        self.kernel, release = self._kernel(say)
        self.initramfs = self._initramfs(release, lines)

    def _kernel(self, say):
        tree = self.work / "kernel"
        name = self._package()
        if not tree.exists():
            say(f"unpacking {name}")
            deb = debian.download([name], self.work / "debs")[name]
            part = tree.with_name(".kernel")
            shutil.rmtree(part, ignore_errors=True)
            subprocess.run(["dpkg-deb", "-x", deb, part], check=True)
            [release] = os.listdir(part / "lib" / "modules")
            subprocess.run([debian.find_program("depmod"), "-b", part, release], check=True)
            os.replace(part, tree)
        [release] = os.listdir(tree / "lib" / "modules")
        return tree / "boot" / f"vmlinuz-{release}", release

    @staticmethod
    def _package():
        """The package of Debian's present kernel, by what linux-image-amd64 depends on."""
        said = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True).stdout
        found = re.search(r"Depends: (linux-image-\S+)", said)
        if not found:
            raise OSError("apt knows no linux-image-amd64")
        return found[1]

    def _initramfs(self, release, lines):
        root = self.work / "initramfs"
        shutil.rmtree(root, ignore_errors=True)
        for name in ("bin", "proc", "sys", "dev", "sbin", "etc"):
            (root / name).mkdir(parents=True)
        shutil.copy(debian.find_program("busybox"), root / "bin" / "busybox")
        self._copy_modules(root, release)
        (root / "where").write_text(f"exec({_WHERE!r})\n")
        (root / "list").write_text("\n".join(lines) + "\n")
        command = " ".join("'" + word.replace("'", "'\\''") + "'" for word in workload.COMMAND)
        init = _INIT.replace("MODULES", " ".join(MODULES)).replace("COMMAND", command)
        (root / "init").write_text(init)
        (root / "init").chmod(0o755)
        archive = self.work / "initramfs.cpio"
        with open(archive, "wb") as out:
            names = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, capture_output=True).stdout
            subprocess.run(["cpio", "--quiet", "-0", "-o", "-H", "newc"], cwd=root, input=names, stdout=out, check=True)
        return archive

    def _copy_modules(self, root, release):
        modules = self.work / "kernel" / "lib" / "modules" / release
        needs = {}
        for line in (modules / "modules.dep").read_text().splitlines():
            path, _, needed = line.partition(":")
            needs[Path(path).name.partition(".")[0]] = [path, *needed.split()]
        target = root / "lib" / "modules" / release
        wanted = [path for name in MODULES for path in needs.get(name, [])]
        for path in dict.fromkeys(wanted):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(modules / path, target / path)
        for name in os.listdir(modules):
            if name.startswith("modules."):
                shutil.copy(modules / name, target / name)
