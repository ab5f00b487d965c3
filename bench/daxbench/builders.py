"""What others make of the same tree, in bytes: mkfs.erofs of Debian, and the builders of DAXFS where they are given."""

import subprocess
import sys

from .debian import find_program

# kerf's builder says how large its image is before it allocates memory for it. Its overlay is left out, as daxconv's
# is next to nothing. The package's own start, which asks for much else, is passed over.
_KERF = """
import sys, types
sys.modules["kerf"] = types.ModuleType("kerf")
sys.modules["kerf"].__path__ = [sys.argv[2]]
from kerf.daxfs import mkdaxfs
builder = mkdaxfs.DaxfsBuilder(sys.argv[1])
builder.scan()
builder.build_tree()
builder.calculate_offsets()
print(mkdaxfs.DAXFS_BLOCK_SIZE + builder.base_size)
"""
# mkdaxfs looks each parent up in a list of all paths: 78,513 entries took minutes and gigabytes.
_MOST_NAMES_FOR_MKDAXFS = 40_000
_PATIENCE = 300


class NoSize(Exception):
    """Why there is none."""


class Builders:
    """The builders that there are; mkdaxfs and kerf are paths or None."""

    def __init__(self, mkdaxfs, kerf):
        self.builders = {"mkfs.erofs": _erofs}
        if mkdaxfs:
            self.builders["mkdaxfs"] = lambda tree, counts, area: _mkdaxfs(mkdaxfs, tree, counts, area)
        if kerf:
            self.builders["kerf"] = lambda tree, counts, area: _kerf(kerf, tree)

    def sizes(self, tree, counts, area):
        """{builder: bytes, or why there are none}; counts is what sizes.walk found in the tree."""
        found = {}
        for name, size in self.builders.items():
            try:
                found[name] = size(tree, counts, area)
            except NoSize as why:
                found[name] = str(why)
        return found


def _erofs(tree, counts, area):
    program = find_program("mkfs.erofs")
    if not program:
        raise NoSize("not installed")
    file = area / "size.erofs"
    _run([program, file, tree])
    return _taken(file)


def _mkdaxfs(program, tree, counts, area):
    if counts.names > _MOST_NAMES_FOR_MKDAXFS:
        raise NoSize(f"not run: more than {_MOST_NAMES_FOR_MKDAXFS:,} names, and its time is quadratic")
    file = area / "size.daxfs"
    _run([program, "-d", tree, "-o", file])
    return _taken(file)


def _kerf(sources, tree):
    return int(_run([sys.executable, "-B", "-c", _KERF, tree, sources / "src" / "kerf"]).split()[-1])


def _taken(file):
    size = file.stat().st_size
    file.unlink()
    return size


def _run(command):
    try:
        result = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise NoSize(str(failed)) from failed
    if result.returncode:
        said = (result.stderr or result.stdout).strip().splitlines()
        raise NoSize(said[-1][:300] if said else f"ended with {result.returncode}")
    return result.stdout
