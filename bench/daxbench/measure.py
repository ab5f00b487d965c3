"""Runs the programs in turn and collects what was measured in one dictionary, which is what results.json has."""

import hashlib
import os
import shutil
import statistics
from subprocess import CalledProcessError

from . import images, sizes, timed
from .builders import Builders
from .programs import (
    AGAINST, DAXCONV, DAXCONV_DIGEST, DAXCONV_JDK, DAXCONV_NO_CACHE, DAXCONV_REGISTRY, LIMIT, PEERS, VERIFY, Step, WrongResult,
)  # fmt: skip

# Which programs are run on which image; where nothing is said, LIMIT and daxconv.
_ON = {
    "large": (LIMIT, DAXCONV, DAXCONV_DIGEST, DAXCONV_JDK, DAXCONV_REGISTRY, DAXCONV_NO_CACHE, VERIFY, AGAINST, *PEERS),
    "large-zstd": (LIMIT, DAXCONV, "umoci", "podman"),
    "medium": (LIMIT, DAXCONV, DAXCONV_DIGEST, DAXCONV_JDK, DAXCONV_REGISTRY, DAXCONV_NO_CACHE, VERIFY, AGAINST, *PEERS),
    "small": (LIMIT, DAXCONV, DAXCONV_REGISTRY, DAXCONV_NO_CACHE, "umoci", "podman"),
}
_OTHERWISE = (LIMIT, DAXCONV)
_CONVERTING = (DAXCONV, DAXCONV_JDK, DAXCONV_REGISTRY, DAXCONV_NO_CACHE)


class Measurement:
    """Everything that is measured on a set of images."""

    def __init__(self, options, programs, prepared, registry, area, say):
        self.options = options
        self.programs = programs
        self.prepared = prepared
        self.registry = registry
        self.area = area
        self.say = say

    def image(self, image):
        """The rows of one image: {program: row}."""
        images.warm(image.layout)
        names = _ON.get(image.name, _OTHERWISE)
        chosen = [program for program in self.programs if program.name in names]
        if self.options.programs:
            chosen = [program for program in chosen if program.name in self.options.programs]
        rows = {program.name: {"title": program.title, "runs": []} for program in chosen}
        for number in range(self.options.runs):
            for program in chosen:
                row = rows[program.name]
                if "error" in row or (number > 1 and row["runs"][0]["wall"] > self.options.long):
                    continue
                self._one(program, image, row)
        for row in rows.values():
            _take_medians(row)
        return rows

    def _one(self, program, image, row):
        missing = program.missing()
        if missing:
            row["error"] = f"not installed: {', '.join(missing)}"
            return
        from_registry = "docker-registry" in program.needs
        if from_registry and not self.registry:
            row["error"] = "no registry"
            return
        step = Step(image, self.registry, self.prepared, self.area)
        _empty(self.area)
        try:
            if from_registry:
                self.registry.push(image)
            command = list(map(str, program.command(step)))
            environment = program.environment(step)
            os.sync()
            with timed.alone(self.options.lock):
                run = timed.run(command, environment)
            program.check(step)
            if program.name in _CONVERTING and not row["runs"]:
                row["bytes"] = step.out.stat().st_size
                row["sha256"] = _sha256(step.out)
            row["runs"].append({"wall": run.wall, "cpu": run.cpu, "resident": run.resident})
            self.say(f"  {program.name}: {run.wall:.2f} s, {run.cpu:.2f} s of CPU, {run.resident >> 20} MiB")
        except (timed.RunFailed, WrongResult, OSError, CalledProcessError) as failed:
            row["error"] = f"{failed}"
            self.say(f"  {program.name}: {failed}")
        finally:
            shutil.rmtree(self.area, ignore_errors=True)

    def memory(self, image, directory):
        """The peaks of a conversion. Its file goes to disk: on a tmpfs, mapped pages of it count as shared memory."""
        program = next(program for program in self.programs if program.name == DAXCONV)
        peaks = []
        for _ in range(1 if self.options.quick else 3):
            _empty(directory)
            step = Step(image, self.registry, self.prepared, directory)
            try:
                with timed.alone(self.options.lock):
                    peaks.append(timed.memory(list(map(str, program.command(step))), program.environment(step)))
            finally:
                shutil.rmtree(directory, ignore_errors=True)
        own, resident = max(peak.own for peak in peaks), max(peak.resident for peak in peaks)
        self.say(f"  memory: {own >> 20} MiB of its own, {resident >> 20} MiB with mapped files")
        return {"own": own, "resident": resident, "runs": len(peaks)}

    def version(self, daxconv):
        """What it costs to start daxconv, in seconds."""
        with timed.alone(self.options.lock):
            walls = [timed.run([str(daxconv), "--version"]).wall for _ in range(5 if self.options.quick else 25)]
        return statistics.median(walls)

    def sizes(self, image):
        """The bound, from the tree, and what others make of the same tree."""
        tree = self.prepared.tree(image)
        counts = sizes.walk(tree)
        found = {"bound": counts.bound, "whole pages": counts.whole_pages}
        found |= {"inodes": counts.inodes, "names": counts.names}
        _empty(self.area)
        try:
            found |= Builders(self.options.mkdaxfs, self.options.kerf).sizes(tree, counts, self.area)
        finally:
            shutil.rmtree(self.area, ignore_errors=True)
        return found


def _take_medians(row):
    for name in ("wall", "cpu", "resident"):
        values = [run[name] for run in row["runs"]]
        if values:
            row[name] = statistics.median(values)


def _empty(directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)


def _sha256(file):
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
