package io.daxconv.converter.load;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A device and the memory that it gives access to, or nothing yet.
 *
 * @param device open as long as the memory is
 * @param memory of the device
 */
record OpenMemory(@Nullable Device device, @Nullable TargetMemory memory) implements Closeable {
  static final OpenMemory NONE = new OpenMemory(null, null);

  @Override
  public void close() throws IOException {
    try {
      if (memory != null) {
        memory.close();
      }
    } finally {
      if (device != null) {
        device.close();
      }
    }
  }
}
