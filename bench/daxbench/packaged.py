"""Images made of Debian packages: each layer what one step of a build would install."""

import copy
import io
import tarfile

from . import debian

SMALL = [
    ["base-files", "libc6", "libtinfo6", "libselinux1", "libpcre2-8-0", "libcrypt1"],
    ["bash", "busybox", "mawk", "netbase"],
    ["zlib1g", "less"],
]

_BASE = [package for layer in SMALL for package in layer] + [
    "coreutils", "grep", "sed", "tar", "gzip", "findutils", "libacl1", "libattr1", "perl-base",
    "libssl3", "openssl", "procps", "iproute2", "base-passwd", "bsdutils", "dash",
    "debconf", "debianutils", "diffutils", "dpkg", "hostname", "libc-bin", "login",
    "mount", "ncurses-base", "ncurses-bin", "passwd", "util-linux", "tzdata",
    "libstdc++6", "libgcc-s1", "libsystemd0", "libudev1", "liblzma5", "libzstd1", "libbz2-1.0",
    "libgnutls30", "libgcrypt20", "libgmp10", "libdb5.3", "libpam-modules", "libpam0g", "apt",
]  # fmt: skip
_SCRIPTING = [
    "perl", "perl-modules-5.36", "libperl5.36", "python3.11-minimal", "libpython3.11-minimal",
    "libpython3.11-stdlib", "libsqlite3-0", "libexpat1", "ca-certificates",
]  # fmt: skip

MEDIUM = [
    _BASE + _SCRIPTING,
    ["openjdk-17-jre-headless", "java-common", "libcups2", "libfontconfig1", "libfreetype6"],
    ["linux-libc-dev", "libstdc++-12-dev", "cmake-data"],
    ["python3-django", "python3-pandas"],
    ["texlive-base", "gnome-icon-theme"],
]

# About 250 MB, half of it code: for what containers share.
SHARED = [
    _BASE + _SCRIPTING + ["libpython3.11-minimal", "python3.11"],
    ["gcc-12", "cpp-12", "binutils-x86-64-linux-gnu", "libbinutils", "libisl23", "libmpfr6", "libmpc3"],
    ["libicu72", "git", "perl-doc"],
]

LARGE = [
    _BASE + _SCRIPTING + ["locales", "vim-runtime", "git", "emacs-common", "python3-numpy"],
    [
        "gcc-12", "g++-12", "cpp-12", "libgcc-12-dev", "libstdc++-12-dev", "libc6-dev", "linux-libc-dev",
        "binutils-x86-64-linux-gnu", "libbinutils", "libboost1.74-dev", "cmake", "cmake-data", "gdb",
    ],
    ["libllvm14", "llvm-14-dev", "libclang-cpp14", "libclang-common-14-dev"],
    ["openjdk-17-jre-headless", "openjdk-17-jdk-headless", "ant", "libmaven3-core-java"],
    ["golang-1.19-src", "libnode108", "node-typescript"],
    ["firefox-esr", "fonts-noto-core"],
    [
        "libreoffice-core", "libreoffice-common", "libreoffice-writer", "libreoffice-calc", "texlive-base",
        "texlive-latex-base", "texlive-latex-recommended", "texlive-latex-extra", "texlive-fonts-recommended",
    ],
]  # fmt: skip

TIME = 1704067200  # 2024-01-01, for what no package has


class PackagedImage:
    """Layers of packages, and at the end one that changes what the others have."""

    def __init__(self, groups, cache):
        self.debs = debian.download([name for group in groups for name in group], cache)
        self.groups = [list(dict.fromkeys(group)) for group in groups]
        self.versions = {name: debian.version_of(deb) for name, deb in sorted(self.debs.items())}

    def layers(self):
        """Functions that write one layer each, oldest first."""
        yield from (self._writer(group, first=number == 0) for number, group in enumerate(self.groups))
        yield self._write_changes

    def _writer(self, group, first):
        def write(sink):
            with _tar(sink) as tar:
                seen = _write_root(tar) if first else set()
                for package in group:
                    for member, data in debian.entries(self.debs[package]):
                        if member.name and member.name not in seen:
                            seen.add(member.name)
                            tar.addfile(member, data)

        return write

    def _write_changes(self, sink):
        """What a last step of a build leaves: files removed, replaced, linked and given capabilities."""
        with _tar(sink) as tar:
            regular = 0
            for package in self.groups[0]:
                for member, data in debian.entries(self.debs[package]):
                    if member.isreg() and member.size:
                        regular += 1
                        self._change(tar, regular, member, data)
            _add(tar, "usr/share/man/.wh..wh..opq")
            _add(tar, "usr/share/man/README", b"The manuals were left out to save space.\n")

    def _change(self, tar, number, member, data):
        if member.name.startswith("usr/share/man/"):
            return
        if member.name.startswith("usr/share/doc/"):
            if number % 2 == 0:
                directory, _, name = member.name.rpartition("/")
                _add(tar, f"{directory}/.wh.{name}")
        elif number % 20 == 0:  # replaced by an equal file of another mode, as by chmod in a build
            member.mode ^= 0o010
            tar.addfile(member, data)
            link = copy.copy(member)
            link.name, link.type, link.linkname, link.size = member.name + ".link", tarfile.LNKTYPE, member.name, 0
            tar.addfile(link)
        elif number % 20 == 10:  # replaced by a changed file
            content = data.read() + b"\n# changed\n"
            member.size = len(content)
            if number % 200 == 10:
                member.pax_headers = {"SCHILY.xattr.user.changed": "yes"}
            tar.addfile(member, io.BytesIO(content))


def _tar(sink):
    return tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 18)


def _write_root(tar):
    """The directories and links that a Debian has before its first package."""
    seen = {"bin", "sbin", "lib", "lib64"}
    for name in ("usr", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "proc", "sys", "dev"):
        member = tarfile.TarInfo(name)
        member.type, member.mode, member.mtime = tarfile.DIRTYPE, 0o755, TIME
        tar.addfile(member)
        seen.add(name)
    for name in ("bin", "sbin", "lib", "lib64"):
        member = tarfile.TarInfo(name)
        member.type, member.mode, member.mtime, member.linkname = tarfile.SYMTYPE, 0o777, TIME, f"usr/{name}"
        tar.addfile(member)
    return seen


def _add(tar, name, content=b""):
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o644, TIME
    tar.addfile(member, io.BytesIO(content))
