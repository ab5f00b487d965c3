package io.daxconv.oci.blob;

import io.daxconv.converter.files.UnfinishedFile;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A blob that is being written into the cache, hashed on its way. It stands under a name of its own
 * beside its place and gets there, synced and whole, only when it is right; until then closing it
 * removes it.
 */
public final class PartialBlob implements Closeable {
  /** How the names of files end that are not whole yet. */
  static final String SUFFIX = ".part";

  private final Path target;
  private final Digest digest;
  private final long size;
  private final UnfinishedFile temporary;
  private final FileChannel file;
  private final MessageDigest hash;
  private long written;
  private boolean committed;

  private PartialBlob(
      Path target, Digest digest, long size, UnfinishedFile temporary, FileChannel file) {
    this.target = target;
    this.digest = digest;
    this.size = size;
    this.temporary = temporary;
    this.file = file;
    this.hash = digest.algorithm().newHash();
  }

  static PartialBlob create(Path target, Digest digest, long size) throws IOException {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path temporary = target.resolveSibling(digest.hex() + "." + random + SUFFIX);
    FileChannel file =
        FileChannel.open(
            temporary,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    return new PartialBlob(target, digest, size, new UnfinishedFile(temporary), file);
  }

  /**
   * Appends bytes.
   *
   * @throws SourceException if they are more than the blob may have
   */
  public void write(byte[] bytes, int length) throws IOException {
    if (length > size - written) {
      throw new SourceException(
          "blob " + digest + ": expected " + size + " bytes, the registry sends more");
    }
    hash.update(bytes, 0, length);
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (rest.hasRemaining()) {
        written += file.write(rest, written);
      }
    } catch (IOException e) {
      // On a full disk above all; the error itself names no file.
      throw new SourceException("blob cache, " + target + ": " + e.getMessage(), e);
    }
  }

  /** How many bytes are there. */
  public long written() {
    return written;
  }

  /**
   * Puts the blob in its place.
   *
   * @throws SourceException if it is not what its digest says
   */
  public CachedBlob commit() throws IOException {
    Digest found = Digest.of(digest.algorithm(), hash);
    if (written != size || !found.equals(digest)) {
      throw new SourceException(
          "blob %s: expected %d bytes with this digest, found %d bytes with %s"
              .formatted(digest, size, written, found));
    }
    file.force(true);
    Files.move(
        temporary.path(),
        target,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    committed = true;
    try (FileChannel directory =
        FileChannel.open(BlobCache.directoryOf(target), StandardOpenOption.READ)) {
      directory.force(true);
    }
    return new CachedBlob(file, size);
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      file.close();
    }
    temporary.close();
  }
}
