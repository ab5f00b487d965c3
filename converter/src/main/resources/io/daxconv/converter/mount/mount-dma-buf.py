import ctypes
import fcntl
import mmap
import os
import struct
import sys

CHUNK = 4 << 20
# linux/dma-heap.h, linux/dma-buf.h
DMA_HEAP_IOCTL_ALLOC = 0xC0184800
DMA_BUF_IOCTL_SYNC = 0x40086200
SYNC_START_WRITE, SYNC_END_WRITE = 2, 4 | 2
# linux/mount.h; the numbers are the same on every architecture with the generic table, and on x86
MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT = 429, 430, 431, 432
SET_FLAG, SET_STRING, SET_FD, CREATE = 0, 1, 5, 6
CLOEXEC, ATTR_RDONLY, AT_FDCWD, FROM_EMPTY_PATH = 1, 1, -100, 4

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def syscall(what, number, *args, context=None):
    typed = [a if isinstance(a, bytes) or a is None else ctypes.c_long(a) for a in args]
    result = libc.syscall(ctypes.c_long(number), *typed)
    if result < 0:
        reason = os.strerror(ctypes.get_errno())
        sys.exit("daxconv mount: %s: %s%s" % (what, reason, kernel_says(context)))
    return result


def kernel_says(context):
    """The messages that a filesystem left in its context."""
    says = ""
    try:
        while context is not None:
            says += "; " + ascii(os.read(context, 4096).decode(errors="replace").strip())
    except OSError:
        pass  # no (more) messages
    return says


def filled_dma_buf(image, heap):
    source = os.open(image, os.O_RDONLY)
    length = os.fstat(source).st_size
    room = -(-length // mmap.PAGESIZE) * mmap.PAGESIZE
    request = bytearray(struct.pack("=QIIQ", room, 0, os.O_RDWR | os.O_CLOEXEC, 0))
    fcntl.ioctl(os.open("/dev/dma_heap/" + heap, os.O_RDWR), DMA_HEAP_IOCTL_ALLOC, request)
    buffer = struct.unpack("=QIIQ", request)[1]
    memory = mmap.mmap(buffer, room)
    fcntl.ioctl(buffer, DMA_BUF_IOCTL_SYNC, struct.pack("=Q", SYNC_START_WRITE))
    at = 0
    while at < length:
        data = os.pread(source, min(CHUNK, length - at), at)
        if not data:
            sys.exit("daxconv mount: %s: ended at %d of %d bytes" % (ascii(image), at, length))
        memory[at : at + len(data)] = data
        at += len(data)
    fcntl.ioctl(buffer, DMA_BUF_IOCTL_SYNC, struct.pack("=Q", SYNC_END_WRITE))
    memory.close()
    return buffer


def main(image, heap, name, directory):
    buffer = filled_dma_buf(image, heap)
    context = syscall("fsopen daxfs", FSOPEN, b"daxfs", CLOEXEC)
    syscall("fsconfig validate", FSCONFIG, context, SET_FLAG, b"validate", None, 0, context=context)
    syscall("fsconfig ro", FSCONFIG, context, SET_FLAG, b"ro", None, 0, context=context)
    syscall("fsconfig name", FSCONFIG, context, SET_STRING, b"name", name.encode(), 0, context=context)
    syscall("fsconfig dmabuf", FSCONFIG, context, SET_FD, b"dmabuf", None, buffer, context=context)
    syscall("mount of the dma-buf", FSCONFIG, context, CREATE, None, None, 0, context=context)
    mount = syscall("fsmount", FSMOUNT, context, CLOEXEC, ATTR_RDONLY, context=context)
    syscall("move_mount", MOVE_MOUNT, mount, b"", AT_FDCWD, os.fsencode(directory), FROM_EMPTY_PATH)


try:
    main(*sys.argv[1:])
except OSError as e:
    sys.exit("daxconv mount: %s" % e)
