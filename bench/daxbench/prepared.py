"""What has to be there before a run and is not part of its time: trees, flat tars, converted files."""

import os
import shutil
import subprocess


class Prepared:
    """Makes such things once an image and keeps them: trees and tars in the work directory, files beside the output."""

    def __init__(self, work, out, daxconv, say):
        self.trees = work / "trees"
        self.kept = out / "kept"
        self.daxconv = daxconv
        self.say = say

    def tree(self, image):
        """The image as umoci unpacks it. Layers in zstd it cannot read: theirs is the tree of the gzip image."""
        name = image.name.removesuffix("-zstd")
        layout = image.layout.parent / name
        tree = self.trees / name
        if not tree.exists():
            self.say(f"unpacking {name}, for its tree and the flat tar")
            part = self.trees / f".{name}"
            shutil.rmtree(part, ignore_errors=True)
            self.trees.mkdir(parents=True, exist_ok=True)
            _run(["umoci", "raw", "unpack", "--image", f"{layout}:latest", part])
            os.replace(part, tree)
        return tree

    def flat_tar(self, image):
        tree = self.tree(image)
        tar = tree.with_name(tree.name + ".tar")
        if not tar.exists():
            part = tree.with_name(f".{tree.name}.tar")
            _run(["tar", "--create", "--file", part, "--sort=name", "--format=posix", "--numeric-owner"]
                 + ["--xattrs", "--xattrs-include=*", "--directory", tree, "."])  # fmt: skip
            os.replace(part, tar)
        return tar

    def converted(self, image):
        """The file that daxconv makes of the image; it goes when forget() is called."""
        self.kept.mkdir(parents=True, exist_ok=True)
        file = self.kept / f"{image.name}.daxfs"
        if not file.exists():
            _run([self.daxconv, "convert", "-q", f"oci:{image.reference}", "-o", file])
        return file

    def forget(self):
        shutil.rmtree(self.kept, ignore_errors=True)


def _run(command):
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if result.returncode:
        said = (result.stderr or result.stdout).strip().splitlines()
        raise OSError(f"{command[0]}: {said[-1][:300] if said else result.returncode}")
