"""Tests of what the figures depend on. Run: python3 -m unittest discover -s bench/tests"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daxbench import goals, layout, report, sizes, timed  # noqa: E402


class InDirectory(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)


class LayoutTest(InDirectory):
    def write(self, name):
        def layer(content):
            def write(sink):
                with tarfile.open(fileobj=sink, mode="w|") as tar:
                    member = tarfile.TarInfo("file")
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))

            return write

        directory = self.directory / name
        layout.write_layouts({directory: "gzip"}, [layer(b"lower"), layer(b"upper")], {})
        return directory

    def test_blobs_have_the_digests_that_are_said(self):
        layers = layout.read_layers(self.write("image"))
        self.assertEqual(len(layers), 2)
        for path, digest, diff_id, compression in layers:
            self.assertEqual(compression, "gzip")
            self.assertEqual(digest, "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest())
            tar = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
            self.assertEqual(diff_id, "sha256:" + hashlib.sha256(tar).hexdigest())

    def test_layers_stand_oldest_first(self):
        (lower, *_), (upper, *_) = layout.read_layers(self.write("image"))
        for path, content in ((lower, b"lower"), (upper, b"upper")):
            with tarfile.open(path) as tar:
                self.assertEqual(tar.extractfile("file").read(), content)

    def test_the_same_image_is_the_same_bytes(self):
        first, second = (
            {path.relative_to(directory): path.read_bytes() for path in directory.rglob("*") if path.is_file()}
            for directory in (self.write("one"), self.write("two"))
        )
        self.assertEqual(first, second)


class SizesTest(InDirectory):
    def test_counts(self):
        (self.directory / "one").write_bytes(b"x" * 4097)
        (self.directory / "equal").write_bytes(b"x" * 4097)
        (self.directory / "other").write_bytes(b"y")
        (self.directory / "empty").touch()
        (self.directory / "directory").mkdir()
        os.link(self.directory / "one", self.directory / "directory" / "hard")
        os.symlink("one", self.directory / "symbolic")
        tree = sizes.walk(self.directory)
        self.assertEqual(tree.names, 7)
        self.assertEqual(tree.inodes, 7)  # the root, and one for two names
        self.assertEqual(tree.unique, 3 * 4096)
        # five pages of files, one of the link's target, one for each directory
        self.assertEqual(tree.unshared, (5 + 1 + 2) * 4096)
        self.assertEqual(tree.bound, int((3 * 4096 + 64 * 7 + 272 * 7) * 1.02))


class TimedTest(unittest.TestCase):
    def test_cpu_time_is_that_of_children_too(self):
        child = f"{sys.executable} -c 'import time\nwhile time.process_time() < 0.3: pass'"
        run = timed.run(["sh", "-c", f"{child} & {child} & wait"])
        self.assertGreaterEqual(run.cpu, 0.6)

    def test_memory_is_the_peak_of_what_the_program_has(self):
        run = timed.memory([sys.executable, "-c", "import time; x = b'x' * (64 << 20); time.sleep(0.3); del x"])
        self.assertGreaterEqual(run.own, 64 << 20)
        self.assertGreaterEqual(run.resident, run.own)

    def test_mapped_files_are_no_memory_of_its_own(self):
        with tempfile.NamedTemporaryFile(dir=Path(__file__).parent) as file:
            file.write(b"x" * (64 << 20))
            file.flush()
            program = "import mmap, sys, time; f = open(sys.argv[1], 'rb'); "
            program += "m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ); "
            program += "sum(m[i] for i in range(0, len(m), 4096)); "
            program += "time.sleep(0.3)"
            run = timed.memory([sys.executable, "-c", program, file.name])
        self.assertGreaterEqual(run.resident, 64 << 20)
        self.assertLess(run.own, 32 << 20)

    def test_what_fails_says_why(self):
        with self.assertRaisesRegex(timed.RunFailed, "^the reason$"):
            timed.run(["sh", "-c", "echo first; echo the reason >&2; exit 3"])


class GoalsTest(unittest.TestCase):
    RESULTS = {
        "rows": {
            "large": {
                "limit": {"wall": 4.0, "cpu": 7.0},
                "daxconv": {"wall": 4.4, "cpu": 9.1, "bytes": 1000},
                "umoci": {"wall": 44.0},
            }
        },
        "memory": {"million": {"own": 700 << 20}, "quarter": {"own": (700 << 20) - 750_000 * 100}},
        "sizes": {"large": {"bound": 900}},
    }

    def verdicts(self):
        return {goal.text: (goal.measured, goal.met) for goal in goals.all_goals(self.RESULTS)}

    def test_ratios_and_verdicts(self):
        found = self.verdicts()
        self.assertEqual(found["large, libisal: wall to LIMIT"], (4.4 / 4.0, True))
        self.assertEqual(found["large, libisal: CPU time to LIMIT"], (9.1 / 7.0, False))
        self.assertEqual(found["large: faster than umoci unpack"], (44.0 / 4.4, True))
        self.assertEqual(found["large: file to the bound"], (1000 / 900, False))
        self.assertEqual(found["a file, from a quarter of a million to a million"], (100, True))
        self.assertEqual(found["million: memory of its own at the peak"], (700, False))

    def test_what_was_not_measured_is_neither_met_nor_missed(self):
        self.assertEqual(self.verdicts()["large, zstd: wall to LIMIT"], (None, None))
        self.assertIn("| not measured |", "\n".join(report.goals(json.loads(json.dumps(self.RESULTS)))))


if __name__ == "__main__":
    unittest.main()
