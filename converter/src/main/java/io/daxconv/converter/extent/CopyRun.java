package io.daxconv.converter.extent;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Copies from file to file that are held back as long as each continues the one before: a thousand
 * small files are one system call, and one extent of the file system where blocks are shared.
 */
final class CopyRun {
  /** What files are aligned to where they come from. */
  static final int PAGE = 4096;

  private final FileChannel to;
  private @Nullable FileChannel from;
  private long source;
  private long target;
  private long length;

  CopyRun(FileChannel to) {
    this.to = to;
  }

  /** Copies whole pages, now or later. */
  void add(FileChannel file, long offset, long at, long size) throws IOException {
    if (file != from || offset != source + length || at != target + length) {
      flush();
      from = file;
      source = offset;
      target = at;
    }
    length += (size + PAGE - 1) & -PAGE;
  }

  /** Copies what is held back. */
  void flush() throws IOException {
    FileChannel file = from;
    if (file == null) {
      return;
    }
    // The position of an image that is written is nobody else's.
    to.position(target);
    for (long done = 0; done < length; ) {
      long count = file.transferTo(source + done, length - done, to);
      if (count <= 0) {
        throw new EOFException("the file of a kept layer ends too early");
      }
      done += count;
    }
    from = null;
    length = 0;
  }
}
