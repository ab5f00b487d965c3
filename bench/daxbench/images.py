"""The images that everything is measured on."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import generated, packaged
from .layout import TAG, write_layouts

# What is made at once, since it differs in compression only, and of what.
_PACKAGED = {
    ("large", "large-zstd"): packaged.LARGE,
    ("medium",): packaged.MEDIUM,
    ("small",): packaged.SMALL,
}
_GENERATED = {
    ("million",): generated.million,
    ("quarter",): generated.quarter,
    ("onedir",): generated.one_directory,
    ("layers127",): generated.layers127,
}
_SHARED = {("shared",): packaged.SHARED}  # for bench/sharing
NAMES = [name for names in (*_PACKAGED, *_GENERATED) for name in names]


@dataclass(frozen=True)
class Image:
    """An image in an OCI layout."""

    name: str
    layout: Path
    layers: int
    packed: int
    unpacked: int

    @property
    def reference(self):
        return f"{self.layout}:{TAG}"


def build(names, work, say):
    """Builds the images that are not there yet; returns {name: Image} in that order."""
    directory = work / "images"
    for group, source in {**_PACKAGED, **_GENERATED, **_SHARED}.items():
        if not set(group) & set(names) or all((directory / name / "index.json").exists() for name in group):
            continue
        say(f"building {' and '.join(group)}")
        layouts = {directory / name: "zstd" if name.endswith("-zstd") else "gzip" for name in group}
        for layout in layouts:
            shutil.rmtree(layout, ignore_errors=True)
        if group not in _GENERATED:
            image = packaged.PackagedImage(source, work / "debs")
            write_layouts(layouts, list(image.layers()), {"packages": image.versions})
        else:
            write_layouts(layouts, source(), {})
    return {name: load(directory / name) for name in [*NAMES, "shared"] if name in names}


def load(layout):
    facts = json.loads((layout / "image.json").read_text())
    return Image(layout.name, layout, facts["layers"], facts["packed"], facts["unpacked"])


def warm(layout):
    """Reads all blobs once, so that every program finds them in the page cache."""
    blobs = sorted(str(path) for path in (layout / "blobs" / "sha256").iterdir())
    subprocess.run(["cat", *blobs], stdout=subprocess.DEVNULL, check=True)
