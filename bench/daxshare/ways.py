"""The ways in which N containers get one root filesystem. Each is mounted by the script of mount-spec."""

import os
import shutil
import subprocess
from contextlib import contextmanager

# What stands in the script for the mount of the base, where a way has another.
_BIND = """check_base() {{ :; }}
mount_base() {{ mount --bind "{tree}" base && mount -o remount,bind,ro base; }}
"""
_BUFFERED = """mount_base() {{
  python3 -I -c 'import ctypes, os, sys
c = ctypes.CDLL(None, use_errno=True)
if c.mount(os.fsencode(sys.argv[1]), b"base", b"erofs", ctypes.c_ulong(1), None):
    sys.exit("mount: " + os.strerror(ctypes.get_errno()))' "$image"
}}
"""

WAYS = {
    "copies": "N extracted copies",
    "directory": "N overlays over one extracted directory (Docker)",
    "buffered": "N overlays over one image, EROFS from a file, buffered",
    "directio": "N overlays over one image, EROFS from a file, directio (the plan)",
    "tmpfs": "N overlays over one image on a tmpfs (the plan: a loop device)",
}


class Ways:
    """Makes them below a work directory: tree (extracted), image (converted), memory (a place on a tmpfs)."""

    def __init__(self, daxconv, tree, image, work, memory):
        self.daxconv = daxconv
        self.tree = tree
        self.image = image
        self.work = work
        self.memory = memory

    @contextmanager
    def mounted(self, way, count):
        """The root directories of that many containers."""
        if way == "copies":
            yield self._copies(count)
            return
        image = self.image
        if way == "tmpfs":
            image = self.memory / "image.daxfs"
            shutil.copyfile(self.image, image)
        root = self.work / "mounts" / way
        script = self._script(way, image, root, count)
        try:
            subprocess.run(["sh", script, "up"], check=True)
            yield [root / f"c{number}" / "merged" for number in range(1, count + 1)]
        finally:
            subprocess.run(["sh", script, "purge"], check=True)
            if way == "tmpfs":
                image.unlink()

    def _copies(self, count):
        """Copies stay for the next time, for they take long to make."""
        roots = []
        for number in range(1, count + 1):
            copy = self.work / "copies" / str(number)
            if not copy.exists():
                part = copy.with_name(f".{number}")
                shutil.rmtree(part, ignore_errors=True)
                part.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-a", "--reflink=never", self.tree, part], check=True)
                os.replace(part, copy)
            roots.append(copy)
        return roots

    def _script(self, way, image, root, count):
        command = [self.daxconv, "mount-spec", image, "-n", count, "--root", root, "--format", "shell"]
        text = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout
        other = {"directory": _BIND.format(tree=self.tree), "buffered": _BUFFERED.format()}.get(way, "")
        head, _, last = text.rstrip("\n").rpartition("\n")
        script = self.work / f"{way}-{count}.sh"
        script.write_text(f"{head}\n{other}{last}\n")
        root.parent.mkdir(parents=True, exist_ok=True)
        return script
