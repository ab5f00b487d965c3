package io.daxconv.converter;

import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.linux.SparseFileChannel;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.stream.ReadAhead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a conversion made.
 *
 * @param file the image
 * @param size its bytes
 * @param regularFiles regular files, hard links counted once
 * @param directories directories, the root among them
 * @param symlinks symlinks, hard links counted once
 * @param names directory entries of all kinds
 * @param fileBytes bytes of regular files as a plain copy would store them, each hard-linked file
 *     once, in whole pages
 * @param storedBytes bytes of regular data in the image, in whole pages; what is missing to {@code
 *     fileBytes} was saved by sharing
 * @param xattrsLeftOut files with xattrs that DAXFS cannot hold; the annex lists them
 * @param specialFilesLeftOut devices, FIFOs and sockets that DAXFS cannot hold; the annex lists
 *     them
 * @param remarks places in the image that deserve a look
 * @param paddingBytes zeros that stand between files because large ones are aligned
 * @param backing the file with the regular data in split mode, else null
 * @param backingSize its bytes, else 0
 */
public record ConversionResult(
    Path file,
    long size,
    long regularFiles,
    long directories,
    long symlinks,
    long names,
    long fileBytes,
    long storedBytes,
    long xattrsLeftOut,
    long specialFilesLeftOut,
    List<Remark> remarks,
    long paddingBytes,
    @Nullable Path backing,
    long backingSize) {
  private static final ReadAhead.Size CHUNKS = new ReadAhead.Size(1 << 18, 8);

  public ConversionResult {
    remarks = List.copyOf(remarks);
  }

  /**
   * The digest of the whole file. The file is read for it, for its first block is written last; who
   * does not need the digest is spared that. Holes are hashed, but not read.
   */
  public Digest sha256() throws IOException {
    ReadAhead.Opening opening = () -> SparseFileChannel.open(file);
    try (ReadAhead bytes = new ReadAhead("image", CHUNKS, Digest.Algorithm.SHA256, opening)) {
      return Objects.requireNonNull(bytes.finish());
    }
  }
}
