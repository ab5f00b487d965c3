"""What the figures were measured on, and with which programs."""

import os
import platform
import subprocess
import time
from pathlib import Path

from .debian import installed_version

_VERSIONS = {
    "igzip": "isal",
    "openssl": "openssl",
    "zstd": "zstd",
    "umoci": "umoci",
    "skopeo": "skopeo",
    "podman": "podman",
    "docker-registry": "docker-registry",
    "mkfs.erofs": "erofs-utils",
    "tar2sqfs": "squashfs-tools-ng",
    "sqfstar": "squashfs-tools",
    "libisal": "libisal2",
}


def describe(out):
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": int(_field("/proc/meminfo", "MemTotal").split()[0]) * 1024,
        "kernel": platform.release(),
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"'),
        "output": file_system(out),
    }


def available():
    """Bytes of memory that programs can still have."""
    return int(_field("/proc/meminfo", "MemAvailable").split()[0]) * 1024


def versions(daxconv):
    found = {program: installed_version(package) for program, package in _VERSIONS.items()}
    found = {program: version for program, version in found.items() if version}
    commit = _said(["git", "-C", str(daxconv.parent), "describe", "--always", "--dirty"])
    found["daxconv"] = f"{_said([str(daxconv), '--version']).removeprefix('daxconv ')} {commit}".strip()
    return found


def _field(path, name, separator=":"):
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(separator)
        if key.strip() == name:
            return value.strip()
    return ""


def file_system(directory):
    return _said(["stat", "-f", "-c", "%T", str(directory)])


def _said(command):
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return result.stdout.strip().partition("\n")[0]
