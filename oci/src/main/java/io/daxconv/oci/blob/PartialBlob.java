package io.daxconv.oci.blob;

import io.daxconv.converter.files.UnfinishedFile;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;

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

  private PartialBlob(Path target, Digest digest, long size, UnfinishedFile temporary) {
    this.target = target;
    this.digest = digest;
    this.size = size;
    this.temporary = temporary;
    this.file = temporary.channel();
    this.hash = digest.algorithm().newHash();
  }

  static PartialBlob create(Path target, Digest digest, long size) throws IOException {
    try {
      return new PartialBlob(
          target,
          digest,
          size,
          UnfinishedFile.create(BlobCache.directoryOf(target), digest.hex() + ".", SUFFIX));
    } catch (FileSystemException e) {
      throw CacheFailure.writing(target, e);
    }
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
      throw CacheFailure.writing(target, e);
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
    try {
      temporary.moveTo(target);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw CacheFailure.writing(target, e);
    }
    return new CachedBlob(file, size);
  }

  @Override
  public void close() throws IOException {
    temporary.close();
  }
}
