import mmap
import os
import sys

CHUNK = 4 << 20


def main(image, device):
    def number(name):
        with open("/sys/bus/dax/devices/%s/%s" % (device, name)) as f:
            return int(f.read(), 0)

    size, align = number("size"), number("align")
    source = os.open(image, os.O_RDONLY)
    length = os.fstat(source).st_size
    # The device maps only at its alignment, lengths too.
    mapped = -(-length // align) * align
    if mapped > size:
        sys.exit("daxconv mount: /dev/%s: expected at least %d bytes, found %d" % (device, mapped, size))
    memory = mmap.mmap(os.open("/dev/" + device, os.O_RDWR), mapped)
    at = 0
    while at < length:
        data = os.pread(source, min(CHUNK, length - at), at)
        if not data:
            sys.exit("daxconv mount: %s: ended at %d of %d bytes" % (ascii(image), at, length))
        # What stands there already is left alone: the same image may be mounted from it.
        if memory[at : at + len(data)] != data:
            memory[at : at + len(data)] = data
        at += len(data)


try:
    main(*sys.argv[1:])
except OSError as e:
    sys.exit("daxconv mount: %s" % e)
