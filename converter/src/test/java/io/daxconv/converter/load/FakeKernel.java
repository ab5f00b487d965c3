package io.daxconv.converter.load;

import io.daxconv.converter.linux.Errno;
import io.daxconv.converter.linux.Kernel;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A kernel with lazy_cma, DMA heaps and DAXFS, whose memory is an array that outlives mappings. */
final class FakeKernel implements Kernel {
  static final long ALLOCATED = 0x7_4000_0000L;

  final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096).fill((byte) 0xa5);
  final List<String> calls = new ArrayList<>();
  final List<NewMount> mounts = new ArrayList<>();
  final Map<Integer, Path> open = new HashMap<>();
  boolean mountFails;
  private int next = 10;

  @Override
  public int pageSize() {
    return 4096;
  }

  @Override
  public int open(Path path, int flags) throws SystemCallException {
    if (path.endsWith("absent")) {
      throw new SystemCallException("open", Errno.ENOENT, "");
    }
    open.put(++next, path);
    return next;
  }

  @Override
  public void close(int fd) {
    calls.add("close " + open.remove(fd));
  }

  @Override
  public int ioctl(int fd, long request, MemorySegment argument) throws SystemCallException {
    Path device = Objects.requireNonNull(open.get(fd));
    if (request == LazyCmaPlace.ALLOCATE && device.endsWith("lazy_cma")) {
      calls.add(
          "allocate %d bytes on node %d as %s"
              .formatted(
                  argument.get(ValueLayout.JAVA_LONG, 0),
                  argument.get(ValueLayout.JAVA_INT, 16),
                  argument.getString(24)));
      argument.set(ValueLayout.JAVA_LONG, 8, ALLOCATED);
    } else if (request == DmaHeapPlace.ALLOCATE && device.endsWith("system")) {
      calls.add("allocate " + argument.get(ValueLayout.JAVA_LONG, 0) + " bytes");
      open.put(++next, Path.of("dmabuf"));
      argument.set(ValueLayout.JAVA_INT, 8, next);
    } else if (request == DmaHeapPlace.SYNC && device.endsWith("dmabuf")) {
      calls.add("sync " + argument.get(ValueLayout.JAVA_LONG, 0));
    } else {
      throw new SystemCallException("ioctl", Errno.ENOTTY, "");
    }
    return 0;
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, Arena arena) {
    calls.add("map %s at 0x%x, %d bytes".formatted(open.get(fd), offset, length));
    return memory.asSlice(0, length).reinterpret(arena, null);
  }

  @Override
  public void mount(NewMount mount, Path directory) throws SystemCallException {
    if (mountFails) {
      throw new SystemCallException("fsconfig", Errno.EINVAL, "e daxfs: bad");
    }
    mounts.add(mount);
  }

  @Override
  public void mountFile(Path file, Path directory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unmount(Path directory) {
    calls.add("unmount " + directory);
  }
}
