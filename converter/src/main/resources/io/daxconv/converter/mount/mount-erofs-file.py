import ctypes
import errno
import os
import sys

MS_RDONLY = 1

libc = ctypes.CDLL(None, use_errno=True)


def mount(image, directory, options):
    """Mounts the file itself; the errno, or 0."""
    paths = os.fsencode(image), os.fsencode(directory)
    result = libc.mount(*paths, b"erofs", ctypes.c_ulong(MS_RDONLY), options)
    return 0 if result == 0 else ctypes.get_errno()


def main(image, directory):
    # Without directio all that is read is cached twice, as the file's and as the filesystem's.
    # Older kernels do not know it.
    error = mount(image, directory, b"directio")
    if error == errno.EINVAL:
        error = mount(image, directory, None)
    if error == errno.ENOTBLK:
        os.execvp("mount", ["mount", "-t", "erofs", "-o", "ro,loop", image, directory])
    if error != 0:
        sys.exit("daxconv mount: mount of %s as EROFS: %s" % (ascii(image), os.strerror(error)))


main(*sys.argv[1:])
