"""How large an image's file may be, from a walk of its tree that shares no code with daxconv."""

import hashlib
import os
import stat
from dataclasses import dataclass

PAGE = 4096
INODE = 64
NAME = 272


@dataclass(frozen=True)
class Tree:
    """Counts of a tree, and bytes: pages of unique content, and pages where nothing is shared."""

    inodes: int
    names: int
    unique: int
    unshared: int

    @property
    def bound(self):
        """Unique file pages, 64 bytes an inode, 272 a name, and two percent."""
        return int((self.unique + INODE * self.inodes + NAME * self.names) * 1.02)

    @property
    def whole_pages(self):
        """Computed: with whole pages for each file, symlink and directory, and nothing shared."""
        return self.unshared + INODE * self.inodes


def walk(root):
    """Counts what is below a directory, with it."""
    inodes, contents = set(), set()
    names = unique = unshared = 0
    waiting = [str(root)]
    inodes.add(_key(os.lstat(root)))
    while waiting:
        directory = waiting.pop()
        with os.scandir(directory) as entries:
            children = list(entries)
        names += len(children)
        unshared += _pages(NAME * len(children))
        for child in children:
            status = child.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                waiting.append(child.path)
            if _key(status) in inodes:
                continue
            inodes.add(_key(status))
            if stat.S_ISLNK(status.st_mode):
                unshared += _pages(status.st_size + 1)
            elif stat.S_ISREG(status.st_mode) and status.st_size:
                unshared += _pages(status.st_size)
                with open(child.path, "rb") as file:
                    content = hashlib.file_digest(file, "sha256").digest()
                if content not in contents:
                    contents.add(content)
                    unique += _pages(status.st_size)
    return Tree(len(inodes), names, unique, unshared)


def _key(status):
    return status.st_dev, status.st_ino


def _pages(size):
    return -(-size // PAGE) * PAGE
