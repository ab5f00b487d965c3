"""Where memory goes: the page cache, what is charged to containers, what is left, and the pages of code."""

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """Bytes. The page cache has no tmpfs in it."""

    cache: int
    tmpfs: int
    available: int


def machine():
    fields = {}
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        fields[name] = int(value.split()[0]) * 1024
    cache = fields["Cached"] + fields["Buffers"] - fields["Shmem"]
    return Machine(cache, fields["Shmem"], fields["MemAvailable"])


def empty_caches():
    """Nothing of any file stays in memory but what is dirty, mapped, or a tmpfs."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3\n")
    time.sleep(0.5)


def code(pid):
    """Bytes of a process's mapped code: {"rss", "pss", "private"}; code is what is executable and a file's."""
    return _mappings(pid, lambda permissions, path: "x" in permissions and path.startswith("/"))


def mappings_of(pid, file):
    """The same of what a process has mapped of one file."""
    return _mappings(pid, lambda permissions, path: path == str(file))


def anonymous(pid):
    """Bytes of what is no file's, a virtual machine's memory too."""
    return _mappings(pid, lambda permissions, path: not path.startswith("/") or path.startswith("/memfd"))


def _mappings(pid, wanted):
    total = {"rss": 0, "pss": 0, "private": 0}
    counts = False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        first, _, rest = line.partition(" ")
        if not first.endswith(":"):  # the head of a mapping: range, permissions, offset, device, inode, path
            parts = rest.split(None, 4)
            counts = wanted(parts[0], parts[4] if len(parts) > 4 else "")
        elif counts:
            kind = {"Rss:": "rss", "Pss:": "pss", "Private_Clean:": "private", "Private_Dirty:": "private"}.get(first)
            if kind:
                total[kind] += int(rest.split()[0]) * 1024
    return total


class Group:
    """A memory control group, of the second version where that has the controller, else of the first."""

    def __init__(self, name):
        second = Path("/sys/fs/cgroup")
        if "memory" in _words(second / "cgroup.controllers"):
            self.path = second / name
            self.usage = "memory.current"
        else:
            self.path = second / "memory" / name
            self.usage = "memory.usage_in_bytes"
        self.path.mkdir(parents=True, exist_ok=True)

    def enter(self):
        """For a child process, before it becomes another program."""
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def charged(self):
        return int((self.path / self.usage).read_text())

    def remove(self):
        for attempt in range(50):
            try:
                self.path.rmdir()
                return
            except OSError:
                if attempt == 49:
                    raise
                time.sleep(0.1)


def _words(path):
    return path.read_text().split() if path.exists() else []
