package io.daxconv.converter.extent;

import io.daxconv.converter.linux.SparseFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Copies from file to file that are held back as long as each continues the one before: a thousand
 * small files are one system call, and one extent of the file system where blocks are shared. What
 * was not written stays a hole.
 */
final class CopyRun {
  /** What files are aligned to where they come from. */
  static final int PAGE = 4096;

  private final FileChannel to;
  private @Nullable SparseFile from;
  private long source;
  private long target;
  private long length;

  CopyRun(FileChannel to) {
    this.to = to;
  }

  /** Copies whole pages, now or later, to where nothing was written before. */
  void add(SparseFile file, long offset, long at, long size) throws IOException {
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
    SparseFile file = from;
    if (file == null) {
      return;
    }
    for (long done = 0; done < length; ) {
      SparseFile.Extent extent = file.extent(source + done);
      long end = Math.min(extent.end() - source, length);
      if (!extent.hole()) {
        copy(file.channel(), done, end);
      }
      done = end;
    }
    from = null;
    length = 0;
  }

  private void copy(FileChannel file, long start, long end) throws IOException {
    // The position of an image that is written is nobody else's.
    to.position(target + start);
    for (long done = start; done < end; ) {
      long count = file.transferTo(source + done, end - done, to);
      if (count <= 0) {
        throw new EOFException("the file of a kept layer ends too early");
      }
      done += count;
    }
  }
}
