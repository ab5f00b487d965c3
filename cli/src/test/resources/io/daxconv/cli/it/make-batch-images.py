"""Puts images over one base into a registry: HOST COUNT [BASE_KIB [ADDED_KIB [parts]]].

They are called appN:1; with "parts" there are also base:1 and, of what each adds, addedN:1.
"""

import gzip
import hashlib
import http.client
import io
import json
import random
import sys
import tarfile

PIECE = 8192


def twice(data):
    """Each piece two times, near enough to each other for DEFLATE."""
    return b"".join(2 * data[at : at + PIECE] for at in range(0, len(data), PIECE))


def tar_of(prefix, kib, seed):
    """Files of a few sizes whose bytes are half as large when compressed, and no page of which is zeros."""
    made = io.BytesIO()
    source = random.Random(seed)
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        number, left = 0, kib * 1024
        while left > 0:
            size = min(left, source.choice((700, 5000, 30000, 200000, 1500000)))
            data = twice(source.randbytes(size // 2))
            entry = tarfile.TarInfo(f"{prefix}/{number % 7}/{number}")
            entry.size, entry.mode, entry.mtime = len(data), 0o644, 1700000000
            tar.addfile(entry, io.BytesIO(data))
            left -= size
            number += 1
    return made.getvalue()


class Registry:
    def __init__(self, host):
        self.connection = http.client.HTTPConnection(host)

    def ask(self, method, path, body=None, kind="application/octet-stream"):
        self.connection.request(method, path, body, {"Content-Type": kind})
        reply = self.connection.getresponse()
        reply.read()
        return reply

    def blob(self, repository, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        reply = self.ask("POST", f"/v2/{repository}/blobs/uploads/?mount={digest}&from=app0")
        if reply.status != 201:
            place = reply.headers["Location"].split("/v2/", 1)[1]
            join = "&" if "?" in place else "?"
            reply = self.ask("PUT", f"/v2/{place}{join}digest={digest}", data)
            assert reply.status == 201, reply.status
        return {"digest": digest, "size": len(data)}

    def image(self, repository, tag, layers):
        config = {
            "os": "linux",
            "architecture": "amd64",
            "config": {"Cmd": ["/" + repository]},
            "rootfs": {"type": "layers", "diff_ids": [diff_id for diff_id, _ in layers]},
        }
        described = self.blob(repository, json.dumps(config).encode())
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **described},
            "layers": [
                {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **self.blob(repository, data)}
                for _, data in layers
            ],
        }
        reply = self.ask("PUT", f"/v2/{repository}/manifests/{tag}", json.dumps(manifest), manifest["mediaType"])
        assert reply.status == 201, reply.status


def layer(prefix, kib, seed):
    tar = tar_of(prefix, kib, seed)
    return "sha256:" + hashlib.sha256(tar).hexdigest(), gzip.compress(tar, 1, mtime=0)


def main(host, count, base_kib="2048", added_kib="256", parts=""):
    registry = Registry(host)
    base = layer("base", int(base_kib), 1)
    for number in range(int(count)):
        added = layer(f"app{number}", int(added_kib), 1000 + number)
        registry.image(f"app{number}", "1", [base, added])
        if parts:
            registry.image(f"added{number}", "1", [added])
    if parts:
        registry.image("base", "1", [base])


main(*sys.argv[1:])
