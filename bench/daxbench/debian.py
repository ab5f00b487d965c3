"""Debian packages: as tools to install, and as what images are made of."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

# program = the Debian package that has it
TOOLS = {
    "docker-registry": "docker-registry",
    "dpkg-deb": "dpkg",
    "igzip": "isal",
    "mkfs.erofs": "erofs-utils",
    "openssl": "openssl",
    "podman": "podman",
    "rsvg-convert": "librsvg2-bin",
    "skopeo": "skopeo",
    "sqfstar": "squashfs-tools",
    "tar2sqfs": "squashfs-tools-ng",
    "taskset": "util-linux",
    "umoci": "umoci",
    "xargs": "findutils",
    "zstd": "zstd",
}
# What daxconv itself binds to has no program.
LIBRARIES = ("libisal2",)

# The root's directories that are links into usr, as in every Debian since 12.
_MERGED = ("bin", "sbin", "lib", "lib64")


class PackageError(Exception):
    """A package that apt could not give."""


def find_program(name):
    """The path of a program, in the places of root's programs too, or None."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def installed_version(package):
    result = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}\t${Version}", package], capture_output=True, text=True
    )
    status, _, version = result.stdout.partition("\t")
    return version if status == "install ok installed" else None


def install_tools(say, tools=TOOLS, libraries=LIBRARIES):
    """Installs what is missing, and says so. What then still is missing, the rows of the table tell."""
    missing = {package for program, package in tools.items() if not find_program(program)}
    missing |= {library for library in libraries if not installed_version(library)}
    if not missing:
        return
    names = sorted(missing)
    say(f"installing from Debian: {' '.join(names)}")
    if os.geteuid() != 0:
        say("not root, so that nothing can be installed")
        return
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "-q", "update"], stdout=subprocess.DEVNULL, env=environment)
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install"]
    if subprocess.run(install + names, stdout=subprocess.DEVNULL, env=environment).returncode:
        for name in names:  # one that cannot be had does not take the others with it
            subprocess.run(install + [name], stdout=subprocess.DEVNULL, env=environment)


def download(packages, directory):
    """Downloads packages (without what they depend on) and returns {name: path of the .deb}."""
    directory.mkdir(parents=True, exist_ok=True)
    found = {name: _downloaded(name, directory) for name in packages}
    wanted = [name for name, path in found.items() if path is None]
    if wanted:
        # An unprivileged downloader could not write into a directory of root's.
        command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download"]
        result = subprocess.run(command + wanted, cwd=directory, capture_output=True, text=True)
        if result.returncode:  # most often the lists are older than the mirror
            subprocess.run(["apt-get", "-q", "update"], stdout=subprocess.DEVNULL)
            result = subprocess.run(command + wanted, cwd=directory, capture_output=True, text=True)
        if result.returncode:
            raise PackageError(result.stderr.strip().splitlines()[-1])
        found.update({name: _downloaded(name, directory) for name in wanted})
    return found


def _downloaded(name, directory):
    return next(iter(sorted(directory.glob(f"{name}_*.deb"))), None)


def version_of(deb):
    return subprocess.run(
        ["dpkg-deb", "-f", deb, "Version"], capture_output=True, text=True, check=True
    ).stdout.strip()


def entries(deb):
    """The entries of a package with their data: (TarInfo, file or None), names below a merged usr."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
            for member in tar:
                member.name = _merged(member.name)
                if member.islnk():
                    member.linkname = _merged(member.linkname)
                member.pax_headers = {}
                yield member, tar.extractfile(member) if member.isreg() else None
    if process.returncode:
        raise PackageError(f"{Path(deb).name}: dpkg-deb ended with {process.returncode}")


def _merged(name):
    name = name.removeprefix("./").strip("/")
    top, _, _ = name.partition("/")
    return f"usr/{name}" if top in _MERGED else name
