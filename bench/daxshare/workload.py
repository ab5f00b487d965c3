"""What a container does: it reads files and runs code of its image, and then stays as it is."""

import os

# Runs in the container, by the image's own Python. A line of its input is "r PATH" (read it all) or
# "x PATH" (map it as the dynamic linker maps code, and touch each page of it). It prints one line when
# it is done, and stays until its input ends.
PROGRAM = r"""
import mmap, sys
maps, read, mapped = [], 0, 0
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        break
    with open(line[2:], "rb") as file:
        if line[0] == "r":
            while chunk := file.read(1 << 18):
                read += len(chunk)
        else:
            code = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)
            sum(code[::4096])
            mapped += len(code)
            maps.append(code)
print("ready", read, mapped, flush=True)
for line in sys.stdin:
    exec(line)
"""

COMMAND = ["/usr/bin/python3.11", "-I", "-S", "-c", PROGRAM]

ELF = b"\x7fELF"


def files(tree, wanted):
    """Lines for the program: files of a tree, in the order of their names, until they have that many bytes.

    Half of the bytes are code (shared libraries and programs), half is read.
    """
    lines = []
    left = {"r": wanted // 2, "x": wanted // 2}
    for directory, directories, names in os.walk(tree):
        directories.sort()
        for name in sorted(names):
            path = os.path.join(directory, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            size = os.path.getsize(path)
            with open(path, "rb") as file:
                kind = "x" if file.read(4) == ELF else "r"
            inside = "/" + os.path.relpath(path, tree)
            if 4096 <= size <= left[kind] and inside.isprintable():
                left[kind] -= size
                lines.append(f"{kind} {inside}")
    return lines
