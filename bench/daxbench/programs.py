"""The programs that are compared, each as one command that starts with the image and ends with its result."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .debian import find_program
from .layout import TAG, read_layers

HERE = Path(__file__).parent
LIMIT = "limit"
DAXCONV = "daxconv"
DAXCONV_JDK = "daxconv-jdk"
DAXCONV_REGISTRY = "daxconv-registry"
DAXCONV_NO_CACHE = "daxconv-no-cache"
DAXCONV_DIGEST = "daxconv-digest"
VERIFY = "verify"
AGAINST = "verify-against"
PEERS = (
    "umoci", "umoci-raw", "skopeo-umoci", "umoci-erofs", "podman", "podman-registry",
    "tar2sqfs", "sqfstar", "sqfstar-plain",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What a program is given: the image, where the registry has it, what was prepared, and an empty directory."""

    image: object
    registry: object
    prepared: object
    area: Path

    @property
    def out(self):
        """The file that daxconv makes."""
        return self.area / "out.daxfs"

    @property
    def layout(self):
        return f"oci:{self.image.reference}"


@dataclass(frozen=True)
class Program:
    """A name for options and results, a title for tables, what it needs, and its command for one image."""

    name: str
    title: str
    command: Callable[[Step], list]
    needs: tuple = ()
    environment: Callable[[Step], dict] = lambda step: {}
    check: Callable[[Step], None] = lambda step: None

    def missing(self):
        """What is not installed of what it needs."""
        return [need for need in self.needs if not find_program(need)]


class WrongResult(Exception):
    """A program that said it succeeded, and did not."""


def all_programs(daxconv):
    """All of them, in the order of the tables; daxconv is the launcher's path."""
    return [
        Program(
            LIMIT,
            "LIMIT: igzip or zstd, tee, openssl",
            _limit,
            ("igzip", "zstd", "openssl", "xargs"),
            check=_check_limit,
        ),
        Program(DAXCONV, "daxconv", _convert(daxconv), check=_made, environment=_inflater("auto")),
        Program(
            DAXCONV_JDK,
            "daxconv, the JDK's inflater",
            _convert(daxconv),
            check=_made,
            environment=_inflater("jdk"),
        ),
        Program(
            DAXCONV_DIGEST,
            "daxconv, which hashes the file and says so",
            lambda step: [daxconv, "convert", step.layout, "-o", step.out],
            check=_made,
        ),
        Program(
            DAXCONV_REGISTRY,
            "daxconv from a registry, nothing cached",
            lambda step: [daxconv, "convert", "-q", "--cache-dir", step.area / "cache"]
            + [step.registry.reference(step.image), "-o", step.out],
            ("docker-registry", "skopeo"),
            check=_made,
        ),
        Program(
            DAXCONV_NO_CACHE,
            "daxconv from a registry, --no-cache",
            lambda step: [daxconv, "convert", "-q", "--no-cache", step.registry.reference(step.image)]
            + ["-o", step.out],
            ("docker-registry", "skopeo"),
            check=_made,
        ),
        Program(
            VERIFY,
            "daxconv verify, on one core",
            lambda step: ["taskset", "-c", _one_core(), daxconv, "verify", step.prepared.converted(step.image)],
            ("taskset",),
        ),
        Program(
            AGAINST,
            "daxconv verify --against",
            lambda step: [daxconv, "verify", step.prepared.converted(step.image), "--against", step.layout],
        ),
        *_peers(),
    ]


def _peers():
    def unpack(step):
        return ["umoci", "unpack", "--image", step.image.reference, step.area / "bundle"]

    def copy_and_unpack(step):
        copy = ["skopeo", "copy", "-q", "--src-tls-verify=false"]
        copy += [f"docker://{step.registry.reference(step.image)}", f"oci:{step.area}/copy:{TAG}"]
        return _both(copy, ["umoci", "unpack", "--image", f"{step.area}/copy:{TAG}", step.area / "bundle"])

    def erofs(step):
        return _both(unpack(step), [find_program("mkfs.erofs"), step.area / "out.erofs", step.area / "bundle/rootfs"])

    def pull(step, reference):
        store = ["podman", "--root", step.area / "root", "--runroot", step.area / "run"]
        return store + ["--storage-driver", "overlay", "pull", "-q", "--tls-verify=false", reference]

    def squash(step, *program):
        return ["sh", "-c", f"exec {_line(program)} <{shlex.quote(str(step.prepared.flat_tar(step.image)))}"]

    def own_temporary(step):  # podman keeps what it downloads there first
        return {"TMPDIR": str(step.area)}

    return [
        Program("umoci", "umoci unpack", unpack, ("umoci",)),
        Program(
            "umoci-raw",
            "umoci raw unpack (no manifest of files)",
            lambda step: ["umoci", "raw", "unpack", "--image", step.image.reference, step.area / "rootfs"],
            ("umoci",),
        ),
        Program(
            "skopeo-umoci",
            "skopeo copy from the registry, umoci unpack",
            copy_and_unpack,
            ("docker-registry", "skopeo", "umoci"),
        ),
        Program("umoci-erofs", "umoci unpack, mkfs.erofs", erofs, ("umoci", "mkfs.erofs")),
        Program(
            "podman",
            "podman pull of the layout",
            lambda step: pull(step, step.layout),
            ("podman",),
            own_temporary,
        ),
        Program(
            "podman-registry",
            "podman pull from the registry",
            lambda step: pull(step, f"docker://{step.registry.reference(step.image)}"),
            ("docker-registry", "skopeo", "podman"),
            own_temporary,
        ),
        Program(
            "tar2sqfs",
            "tar2sqfs of the flat tar, zstd 1",
            lambda step: squash(step, "tar2sqfs", "-q", "-c", "zstd", "-X", "level=1", step.area / "out.sqfs"),
            ("umoci", "tar2sqfs"),
        ),
        Program(
            "sqfstar",
            "sqfstar of the flat tar, lz4",
            lambda step: squash(step, "sqfstar", "-comp", "lz4", step.area / "out.sqfs"),
            ("umoci", "sqfstar"),
        ),
        Program(
            "sqfstar-plain",
            "sqfstar of the flat tar, not compressed",
            lambda step: squash(step, "sqfstar", "-noI", "-noD", "-noF", "-noX", step.area / "out.sqfs"),
            ("umoci", "sqfstar"),
        ),
    ]


def _convert(daxconv):
    return lambda step: [daxconv, "convert", "-q", step.layout, "-o", step.out]


def _inflater(name):
    return lambda step: {"DAXCONV_INFLATER": name}


def _made(step):
    if not step.out.is_file():
        raise WrongResult("it made no file")


def _limit(step):
    """Two layers at a time, in the manifest's order."""
    layers = read_layers(step.image.layout)
    words = [
        word
        for number, (blob, _, _, compression) in enumerate(layers)
        for word in (blob, compression, step.area / str(number))
    ]
    listed = step.area / "layers"
    listed.write_text("\n".join(map(str, words)) + "\n")
    return ["xargs", "-a", listed, "-P", "2", "-n", "3", "sh", HERE / "limit-layer.sh"]


def _check_limit(step):
    for number, (_, digest, diff_id, _) in enumerate(read_layers(step.image.layout)):
        for suffix, expected in (("blob", digest), ("diff", diff_id)):
            found = "sha256:" + (step.area / f"{number}.{suffix}").read_text().split()[0]
            if found != expected:
                raise WrongResult(f"layer {number + 1}: expected {expected}, found {found}")


def _one_core():
    return min(os.sched_getaffinity(0))


def _both(first, second):
    return ["sh", "-c", f"{_line(first)} && {_line(second)}"]


def _line(command):
    return shlex.join(map(str, command))
