package io.daxconv.oci.blob;

import io.daxconv.converter.files.AbandonedFiles;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that were downloaded before, by digest: {@code blobs/sha256/<hex>}, as an OCI layout keeps
 * them. Files get there by renaming, whole and checked, so any number of processes can share one.
 * What was cut off stays as {@code <hex>.part}, which the next download of the blob goes on with
 * and which is removed when nobody has for a week. What is found from an earlier run is hashed
 * before it is used.
 */
public final class BlobCache {
  private static final Duration RESUMED_WITHIN = Duration.ofDays(7);

  private final Path blobs;

  private BlobCache(Path blobs) {
    this.blobs = blobs;
  }

  /** Opens a cache, made if it is not there, and removes what dead downloads have left. */
  public static BlobCache open(Path directory) throws IOException {
    BlobCache cache = new BlobCache(directory.resolve("blobs"));
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path blobs = cache.blobs.resolve(algorithm.label());
      try {
        Files.createDirectories(blobs);
      } catch (IOException e) {
        throw new SourceException(
            "cache: cannot make directory " + Escapes.quote(blobs.toString()), e);
      }
      AbandonedFiles.remove(blobs, "*.*" + PartialBlob.SUFFIX);
      for (Path old : notTouchedFor(RESUMED_WITHIN, blobs)) {
        AbandonedFiles.remove(blobs, old.getFileName().toString());
      }
    }
    return cache;
  }

  private static List<Path> notTouchedFor(Duration time, Path blobs) {
    Instant since = Instant.now().minus(time);
    List<Path> old = new ArrayList<>();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(blobs, "*" + PartialBlob.SUFFIX)) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(since)) {
          old.add(part);
        }
      }
    } catch (IOException | DirectoryIteratorException goneOrUnreadable) {
      // Tidying is a courtesy; the next to open the cache does it.
      return old;
    }
    return old;
  }

  /**
   * A blob of an earlier run, hashed anew. One that does not hold is removed.
   *
   * @param progress hears how many bytes are hashed
   * @return null if it is not there or did not hold
   */
  public @Nullable CachedBlob find(Digest digest, long size, LongConsumer progress)
      throws IOException {
    Path path = path(digest);
    FileChannel file;
    try {
      file = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException absent) {
      return null;
    }
    boolean holds = false;
    try {
      holds = file.size() == size && hash(file, digest.algorithm(), progress).equals(digest);
      if (!holds) {
        remove(path);
      }
    } finally {
      if (!holds) {
        file.close();
      }
    }
    return holds ? new CachedBlob(file, size) : null;
  }

  /** Takes a blob out; who reads it goes on. */
  public void remove(Digest digest) throws SourceException {
    remove(path(digest));
  }

  private static void remove(Path wrong) throws SourceException {
    try {
      Files.deleteIfExists(wrong);
    } catch (IOException e) {
      throw new SourceException(
          ("blob cache, %s: expected the blob of this name, found other bytes,"
                  + " which cannot be removed: %s")
              .formatted(wrong, FailureReason.of(e)),
          e);
    }
  }

  private static Digest hash(FileChannel file, Digest.Algorithm algorithm, LongConsumer progress)
      throws IOException {
    MessageDigest hash = algorithm.newHash();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
    long at = 0;
    for (int read; (read = file.read(buffer.clear(), at)) >= 0; ) {
      hash.update(buffer.flip());
      at += read;
      progress.accept(at);
    }
    return Digest.of(algorithm, hash);
  }

  /** Begins to write a blob. */
  public PartialBlob write(Digest digest, long size) throws IOException {
    return PartialBlob.create(path(digest), digest, size);
  }

  private Path path(Digest digest) {
    return blobs.resolve(digest.algorithm().label()).resolve(digest.hex());
  }

  static Path directoryOf(Path blob) {
    Path parent = blob.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a blob stands in a directory: " + blob);
    }
    return parent;
  }
}
