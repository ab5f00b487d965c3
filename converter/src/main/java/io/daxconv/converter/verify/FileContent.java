package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;

/** What a regular file holds, known well enough to tell whether another holds the same. */
public sealed interface FileContent {

  /**
   * The digest of its bytes.
   *
   * @throws CorruptImageException if the bytes have to be read for it and cannot be
   */
  Digest sha256() throws CorruptImageException;

  /**
   * Whether both are the same bytes. What stands in one place is not read for it.
   *
   * @throws CorruptImageException if bytes have to be read for it and cannot be
   */
  default boolean isSameAs(FileContent other) throws CorruptImageException {
    return equals(other) || sha256().equals(other.sha256());
  }

  /** Known by its digest alone. */
  record Hashed(Digest sha256) implements FileContent {}

  /**
   * Stands in an image.
   *
   * @param image whose data it is
   * @param bytes where it stands
   * @param size how many bytes; without it, segments that begin alike would be equal
   */
  record Stored(ImageContents image, MemorySegment bytes, long size) implements FileContent {
    Stored(ImageContents image, MemorySegment bytes) {
      this(image, bytes, bytes.byteSize());
    }

    @Override
    public Digest sha256() throws CorruptImageException {
      return image.sha256(this);
    }
  }
}
