"""OCI layouts, written as registries have them: layers compressed by gzip or zstd, a config, a manifest."""

import hashlib
import json
import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TAG = "latest"
MEDIA = "application/vnd.oci.image."
COMPRESSORS = {
    "gzip": ["gzip", "-n", "-6"],
    "zstd": ["zstd", "-q", "-c"],  # level 3, its default
}


@dataclass(frozen=True)
class LayerBlob:
    """One layer: what the manifest and the config say of it, and how many bytes its tar has."""

    digest: str
    size: int
    diff_id: str
    unpacked: int
    compression: str


class _Compression:
    """A compressor fed with the tar, whose output goes to a file and is hashed on the way."""

    def __init__(self, name, blobs):
        self.name = name
        self.blobs = blobs
        self.hash = hashlib.sha256()
        self.size = 0
        self.process = subprocess.Popen(
            COMPRESSORS[name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.path = blobs / f".{name}-{self.process.pid}"
        self.thread = threading.Thread(target=self._drain)
        self.thread.start()

    def _drain(self):
        with open(self.path, "wb") as out, self.process.stdout as packed:
            while chunk := packed.read(1 << 18):
                self.hash.update(chunk)
                self.size += len(chunk)
                out.write(chunk)

    def finish(self, diff_id, unpacked):
        self.process.stdin.close()
        self.thread.join()
        if self.process.wait():
            raise OSError(f"{self.name} ended with {self.process.returncode}")
        digest = self.hash.hexdigest()
        os.replace(self.path, self.blobs / digest)
        return LayerBlob("sha256:" + digest, self.size, diff_id, unpacked, self.name)


class TarSink:
    """What a tar is written into: the hash of the layer and the compressors of all layouts at once."""

    def __init__(self, targets):
        self.hash = hashlib.sha256()
        self.size = 0
        self.compressions = [_Compression(name, blobs) for name, blobs in targets]

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        for compression in self.compressions:
            compression.process.stdin.write(data)
        return len(data)

    def finish(self):
        diff_id = "sha256:" + self.hash.hexdigest()
        return [compression.finish(diff_id, self.size) for compression in self.compressions]


def write_layouts(layouts, layers, notes):
    """Writes layouts that differ in compression only.

    layouts: {directory: compression}; layers: functions that write one layer's tar into a TarSink;
    notes: what else the file image.json beside each layout's index says, such as package versions.
    """
    targets = []
    for directory, compression in layouts.items():
        blobs = directory / "blobs" / "sha256"
        blobs.mkdir(parents=True, exist_ok=True)
        targets.append((compression, blobs))

    def build(write):
        sink = TarSink(targets)
        write(sink)
        return sink.finish()

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        built = list(pool.map(build, layers))
    for number, directory in enumerate(layouts):
        _write_index(directory, [layer[number] for layer in built], notes)


def _write_index(directory, layers, notes):
    config = {
        "created": "2024-01-01T00:00:00Z",
        "architecture": "amd64",
        "os": "linux",
        "config": {"Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], "Cmd": ["/bin/bash"]},
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "bench"} for _ in layers],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MEDIA + "manifest.v1+json",
        "config": _blob(directory, config, MEDIA + "config.v1+json"),
        "layers": [
            {
                "mediaType": f"{MEDIA}layer.v1.tar+{layer.compression}",
                "digest": layer.digest,
                "size": layer.size,
            }
            for layer in layers
        ],
    }
    descriptor = _blob(directory, manifest, manifest["mediaType"])
    descriptor["annotations"] = {"org.opencontainers.image.ref.name": TAG}
    (directory / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    facts = {
        "layers": len(layers),
        "packed": sum(layer.size for layer in layers),
        "unpacked": sum(layer.unpacked for layer in layers),
        **notes,
    }
    (directory / "image.json").write_text(json.dumps(facts, indent=1))
    # The index comes last: a layout that has one is whole.
    index = {"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [descriptor]}
    part = directory / ".index.json"
    part.write_text(json.dumps(index))
    os.replace(part, directory / "index.json")


def _blob(directory, value, media_type):
    data = json.dumps(value, indent=1).encode()
    digest = hashlib.sha256(data).hexdigest()
    (directory / "blobs" / "sha256" / digest).write_bytes(data)
    return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}


def read_layers(directory):
    """The layers of a layout that write_layouts made, oldest first: (path, digest, diff_id, compression)."""
    directory = Path(directory)
    index = json.loads((directory / "index.json").read_text())

    def blob(digest):
        return directory / "blobs" / "sha256" / digest.removeprefix("sha256:")

    manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
    config = json.loads(blob(manifest["config"]["digest"]).read_text())
    return [
        (blob(layer["digest"]), layer["digest"], diff_id, layer["mediaType"].rpartition("+")[2])
        for layer, diff_id in zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True)
    ]
