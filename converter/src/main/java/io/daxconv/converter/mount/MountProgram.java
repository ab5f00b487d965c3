package io.daxconv.converter.mount;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The programs that mount plans are put together from; they lie beside this class. */
enum MountProgram {
  /** Shell: {@code up}, {@code down} and {@code purge} around a function {@code mount_base}. */
  CONTAINERS("containers.sh"),
  /** Shell: {@code mount_base} for an image at a physical address. */
  BASE_PHYSICAL("base-physical.sh"),
  /** Shell: {@code mount_base} for a device-DAX, around {@link #COPY_TO_DEVICE_DAX}. */
  BASE_DEVICE_DAX("base-device-dax.sh"),
  /** Shell: {@code mount_base} for a dma-buf, around {@link #MOUNT_DMA_BUF}. */
  BASE_DMA_BUF("base-dma-buf.sh"),
  /** Shell: {@code mount_base} for EROFS from the file, around {@link #MOUNT_EROFS_FILE}. */
  BASE_FILE("base-file.sh"),

  /** Shell: {@code mount_base} for EROFS on a pmem device. */
  BASE_PMEM("base-pmem.sh"),

  /** Python, arguments IMAGE DEVICE. */
  COPY_TO_DEVICE_DAX("copy-to-device-dax.py"),
  /** Python, arguments IMAGE HEAP NAME DIRECTORY. */
  MOUNT_DMA_BUF("mount-dma-buf.py"),

  /** Python, arguments IMAGE DIRECTORY. */
  MOUNT_EROFS_FILE("mount-erofs-file.py");

  private final String file;

  MountProgram(String file) {
    this.file = file;
  }

  /** Lines, each with its newline. */
  String text() {
    try (InputStream in = MountProgram.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
