package io.daxconv.converter.load;

import io.daxconv.converter.linux.NewMount;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A target of this machine: looked at, then opened, filled, and mounted from. */
interface Place extends Closeable {
  /** The size of an image that is not made yet. */
  long UNKNOWN = -1;

  LoadTarget target();

  /**
   * Finds out, changing nothing, whether an image can be put here.
   *
   * @param size its bytes, or {@link #UNKNOWN}
   */
  void check(long size) throws IOException;

  /**
   * How many bytes there are; {@link Long#MAX_VALUE} if they are allocated when they are needed.
   */
  long capacity() throws IOException;

  /**
   * Opens or allocates the memory, which {@link #close} closes.
   *
   * @param size how much is needed at least; {@link #UNKNOWN} for all there is
   */
  TargetMemory open(long size) throws IOException;

  /** Where the memory is, as far as that is known; what is allocated is known once it is open. */
  @Nullable PhysicalRange range() throws IOException;

  /** As what the image is mounted from here: {@code daxfs} or {@code erofs}. */
  String filesystem();

  /** The mount of an image of that size. */
  NewMount mount(long size) throws IOException;

  /** Lets go of what keeps others out, so that the memory can be mounted. */
  default void finish() throws IOException {}

  /** The place of a target on a machine. */
  static Place of(LoadTarget target, Host host) {
    return switch (target) {
      case LoadTarget.DeviceDax dax -> new DeviceDaxPlace(dax, host);
      case LoadTarget.Pmem pmem -> new PmemPlace(pmem, host);
      case LoadTarget.DmaHeap heap -> new DmaHeapPlace(heap, host);
      case LoadTarget.Physical physical -> new PhysicalPlace(physical, host);
      case LoadTarget.LazyCma cma -> new LazyCmaPlace(cma, host);
      case LoadTarget.Tmpfs _, LoadTarget.PlainFile _ ->
          throw new IllegalArgumentException(target + " is a file");
    };
  }

  /** Refuses an image that is larger than its place. */
  static void requireRoom(LoadTarget target, long size, long capacity) throws LoadException {
    if (size > capacity) {
      throw new LoadException(
          target, "expected room for %d bytes, found %d".formatted(size, capacity));
    }
  }
}
