"""Many kernels: N virtual machines with one image, and what they take on the host."""

import os
import selectors
import shutil
import subprocess
import time
from contextlib import ExitStack

from . import memory

WAYS = {
    "pmem": "N machines, the image one shared read-only pmem device, EROFS with dax=always",
    "disks": "N machines, a copy of the image each on virtio-blk, EROFS",
}
_ALIGNED = 2 << 20
_PATIENCE = 300  # seconds until a guest must be done: software emulation is slow
_MEMORY = "640M"


class MachineFailed(Exception):
    """A guest that did not get ready; the message is the last that it said."""


def padded(image, work):
    """The image as a pmem device takes it: a multiple of 2 MiB long."""
    file = work / "pmem.img"
    shutil.copyfile(image, file)
    os.truncate(file, -(-image.stat().st_size // _ALIGNED) * _ALIGNED)
    return file


class _Machine:
    def __init__(self, way, guest, disk):
        self.disk = disk
        self.said = []
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-nodefaults", "-nographic", "-no-reboot", "-accel", "tcg,thread=multi"]
            + ["-machine", "q35", "-cpu", "max", "-serial", "stdio"]
            + ["-m", f"{_MEMORY},slots=2,maxmem=8G", "-kernel", guest.kernel, "-initrd", guest.initramfs]
            + ["-append", f"console=ttyS0 quiet panic=-1 daxshare={way}"]
            + self._device(way, disk),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        self.left = b""

    @staticmethod
    def _device(way, disk):
        # An NVDIMM without a label has no struct pages in the guest, and so no DAX; virtio-pmem has them.
        if way == "pmem":
            size = disk.stat().st_size
            backend = f"memory-backend-file,id=base,share=on,readonly=on,mem-path={disk},size={size},align={_ALIGNED}"
            return ["-object", backend, "-device", "virtio-pmem-pci,memdev=base"]
        return ["-drive", f"file={disk},format=raw,if=virtio,readonly=on,cache.direct=on"]

    def read(self):
        """Takes what it said; True once it is done."""
        while chunk := self.process.stdout.read(1 << 16):
            *lines, self.left = (self.left + chunk).split(b"\n")
            self.said += [line.decode(errors="replace").strip() for line in lines]
        return "@done" in self.said

    def facts(self):
        found = {}
        for line in self.said:
            if line.startswith("@"):
                name, *numbers = line[1:].split()
                if name == "failed":
                    raise MachineFailed(line[1:])
                found[name] = [int(number) for number in numbers]
        return found

    def last_words(self):
        return " / ".join(self.said[-5:]) or "nothing"


def measure(way, count, guest, image, work):
    """One row: the host's memory, and what the guests say of theirs."""
    disks = work / "disks"
    shutil.rmtree(disks, ignore_errors=True)
    disks.mkdir(parents=True)
    shared = padded(image, disks)
    files = [shared] * count
    if way == "disks":
        files = [disks / f"{number}.img" for number in range(count)]
        for file in files:
            shutil.copyfile(shared, file)
    memory.empty_caches()
    before = memory.machine()
    with ExitStack() as ends:
        machines = []
        for file in files:
            machine = _Machine(way, guest, file)
            ends.callback(_end, machine)
            machines.append(machine)
        _wait(machines)
        after = memory.machine()
        facts = [machine.facts() for machine in machines]
        mapped = [memory.mappings_of(machine.process.pid, machine.disk) for machine in machines]
        own = [memory.anonymous(machine.process.pid) for machine in machines]
        row = {
            "way": way,
            "machines": count,
            "used": sum(facts[0]["ready"]),
            "host cache": after.cache - before.cache,
            "host taken": before.available - after.available,
            "image mapped": sum(each["rss"] for each in mapped),
            "image in memory": sum(each["pss"] for each in mapped),
            "machines' own": sum(each["rss"] for each in own),
            "guest cache": sum(each["cached-after"][0] - each["cached-before"][0] for each in facts),
            "code pages": sum(each["where"][0] for each in facts),
            "code pages in pmem": sum(each["where"][1] for each in facts),
        }
    shutil.rmtree(disks)
    return row


def _wait(machines):
    waiting = set(machines)
    end = time.monotonic() + _PATIENCE
    with selectors.DefaultSelector() as selector:
        for machine in machines:
            selector.register(machine.process.stdout, selectors.EVENT_READ, machine)
        while waiting:
            for key, _ in selector.select(1):
                if key.data in waiting and key.data.read():
                    waiting.discard(key.data)
            for machine in waiting:
                if machine.process.poll() is not None or time.monotonic() > end:
                    raise MachineFailed(machine.last_words())


def _end(machine):
    machine.process.kill()
    machine.process.wait()
    machine.process.stdout.close()
