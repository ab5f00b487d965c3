"""Images of very many small files, made by rule: the same bytes on every machine."""

import io
import random
import tarfile

MILLION = 1_000_000
QUARTER = 250_000
ONE_DIRECTORY = 500_000
LAYERS = 127
FILES_A_LAYER = 2_000
OVERWRITTEN = 100  # of them, what a lower layer has already

_WORDS = (
    "layer digest inode dirent extent whiteout opaque lower upper merged page block offset "
    "config manifest index annotation mount namespace cgroup process thread signal socket"
).split()
_START = 1_500_000_000


def million():
    return [lambda sink: _write_tree(sink, MILLION)]


def quarter():
    return [lambda sink: _write_tree(sink, QUARTER)]


def one_directory():
    return [lambda sink: _write_directory(sink, ONE_DIRECTORY)]


def layers127():
    return [lambda sink, number=number: _write_one_of_many(sink, number) for number in range(LAYERS)]


class _Tree:
    """A tar of small files, each different from all others, of 16 to some 400 bytes."""

    def __init__(self, sink, seed):
        self.tar = tarfile.open(fileobj=sink, mode="w|", format=tarfile.USTAR_FORMAT, bufsize=1 << 18)
        self.random = random.Random(seed)
        self.seed = seed

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.tar.close()

    def directory(self, name):
        self._add(name, tarfile.DIRTYPE, 0o755, b"")

    def file(self, name, number):
        length = self.random.randrange(16, 400)
        text = f"{self.seed} {number} "
        while len(text) < length:
            text += self.random.choice(_WORDS) + " "
        self._add(name, tarfile.REGTYPE, 0o644, text[: max(length, 16)].encode())

    def _add(self, name, kind, mode, content):
        member = tarfile.TarInfo(name)
        member.type, member.mode, member.size = kind, mode, len(content)
        member.mtime = _START + self.random.randrange(100_000_000)
        self.tar.addfile(member, io.BytesIO(content))


def _write_tree(sink, files):
    """Directories of 300 files, 40 of them in one above."""
    with _Tree(sink, 1) as tree:
        for number in range(files):
            upper, lower = number // 12_000, number // 300
            if number % 12_000 == 0:
                tree.directory(f"d{upper:04}")
            if number % 300 == 0:
                tree.directory(f"d{upper:04}/e{lower:05}")
            tree.file(f"d{upper:04}/e{lower:05}/file-{number:07}.txt", number)


def _write_directory(sink, files):
    with _Tree(sink, 2) as tree:
        tree.directory("all")
        for number in range(files):
            tree.file(f"all/file-{number:07}.txt", number)


def _write_one_of_many(sink, layer):
    """Files of its own, some of the layer before, and a whiteout of one of that."""
    with _Tree(sink, 1000 + layer) as tree:
        for number in range(FILES_A_LAYER):
            of = layer - 1 if layer and number < OVERWRITTEN else layer
            if number % 200 == 0:
                tree.directory(f"d{number // 200}")
            tree.file(f"d{number // 200}/layer-{of:03}-{number:05}.txt", number)
        if layer:
            tree._add(f"d9/.wh.layer-{layer - 1:03}-{FILES_A_LAYER - 1:05}.txt", tarfile.REGTYPE, 0o644, b"")
