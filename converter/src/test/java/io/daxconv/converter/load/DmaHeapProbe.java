package io.daxconv.converter.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills a dma-buf on a kernel that has DMA heaps, but no DAXFS to mount it. */
public final class DmaHeapProbe {
  private DmaHeapProbe() {}

  /** Allocates, fills through a channel, reads back; what came of it in words. */
  public static String fill(Path heap, Path image) throws IOException {
    byte[] wanted = Files.readAllBytes(image);
    LoadTarget.DmaHeap target = new LoadTarget.DmaHeap(heap);
    try (Place place = Place.of(target, Host.here(Path.of("/run/daxconv/load")))) {
      place.check(wanted.length);
      TargetMemory memory = place.open(wanted.length);
      TargetChannel channel = new TargetChannel(target, memory);
      channel.write(ByteBuffer.wrap(wanted), 0);
      ByteBuffer held = ByteBuffer.allocate(wanted.length);
      memory.read(held, 0);
      boolean early = held.getInt(0) != 0;
      channel.release();
      memory.read(held.clear(), 0);
      return (early ? "valid too early, " : "")
          + (held.flip().mismatch(ByteBuffer.wrap(wanted)) < 0 ? "equal " : "differs ")
          + memory.capacity();
    }
  }
}
