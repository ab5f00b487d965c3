package io.daxconv.oci.blob;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * A blob that is being written into the cache, hashed on its way. It stands under a name of its own
 * beside its place and gets there only when it is whole and right. What is cut off is left for the
 * next download of the same blob to go on with, unless it is wrong or too short to be worth it.
 */
public final class PartialBlob implements Closeable {
  /** How the names of files end that are not whole yet. */
  static final String SUFFIX = ".part";

  /** Less than this is soon downloaded again. */
  static final long WORTH_KEEPING = 1 << 20;

  private final Path target;
  private final Digest digest;
  private final long size;
  private final BlobFile place;
  private final FileChannel file;
  private final MessageDigest hash;
  private long written;
  private boolean wrong;

  private PartialBlob(Path target, Digest digest, long size, BlobFile place) {
    this.target = target;
    this.digest = digest;
    this.size = size;
    this.place = place;
    this.file = place.channel();
    this.hash = digest.algorithm().newHash();
  }

  static PartialBlob create(Path target, Digest digest, long size) throws IOException {
    try {
      return new PartialBlob(
          target, digest, size, BlobFile.open(BlobCache.directoryOf(target), digest.hex(), SUFFIX));
    } catch (FileSystemException e) {
      throw CacheFailure.writing(target, e);
    }
  }

  /**
   * Goes on with what an earlier download has left, which is hashed first.
   *
   * @param progress hears how many bytes are hashed
   * @return how many bytes it is; 0 if there is nothing
   */
  public long resume(LongConsumer progress) throws IOException {
    if (file.size() > size) {
      restart();
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
    for (int read; (read = file.read(buffer.clear(), written)) > 0; ) {
      hash.update(buffer.flip());
      written += read;
      progress.accept(written);
    }
    return written;
  }

  /** Forgets all that is there. */
  public void restart() throws IOException {
    hash.reset();
    written = 0;
    wrong = false;
    file.truncate(0);
  }

  /**
   * Appends bytes.
   *
   * @throws SourceException if they are more than the blob may have
   */
  public void write(byte[] bytes, int length) throws IOException {
    write(bytes, 0, length);
  }

  /** Appends bytes of an array, likewise. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > size - written) {
      wrong = true;
      throw new SourceException(
          "blob " + digest + ": expected " + size + " bytes, the registry sends more");
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (rest.hasRemaining()) {
        int from = rest.position();
        int count = file.write(rest, written);
        hash.update(bytes, from, count);
        written += count;
      }
    } catch (ClosedChannelException interrupted) {
      throw interrupted;
    } catch (IOException e) {
      // What cannot be finished is only in the way, on a full disk most of all.
      wrong = true;
      throw CacheFailure.writing(target, e);
    }
  }

  /** Sees to it that closing leaves nothing of it: no later download is to go on with it. */
  public void abandon() {
    wrong = true;
  }

  /** How many bytes are there. */
  public long written() {
    return written;
  }

  /** What it stands in, for those that read behind the writer. */
  public FileChannel channel() {
    return file;
  }

  /**
   * Puts the blob in its place.
   *
   * @throws SourceException if it is not what its digest says
   */
  public CachedBlob commit() throws IOException {
    Digest found = Digest.of(digest.algorithm(), hash);
    if (written != size || !found.equals(digest)) {
      wrong = true;
      throw new SourceException(
          "blob %s: expected %d bytes with this digest, found %d bytes with %s"
              .formatted(digest, size, written, found));
    }
    try {
      place.moveTo(target);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw CacheFailure.writing(target, e);
    }
    return new CachedBlob(file, size);
  }

  @Override
  public void close() throws IOException {
    try {
      if (wrong || written < Math.min(size, WORTH_KEEPING)) {
        place.giveUp();
      }
    } finally {
      place.close();
    }
  }
}
