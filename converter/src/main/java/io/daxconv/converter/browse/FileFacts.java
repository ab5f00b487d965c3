package io.daxconv.converter.browse;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is compared of one path.
 *
 * @param path from the root, starting with {@code /}
 * @param kind what it is
 * @param permissions the low twelve bits of the mode
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param size of a regular file, else 0
 * @param target of a symlink, else nothing
 * @param major of a device, else 0
 * @param minor of a device, else 0
 * @param firstName the first path, by its names, of the same file; null if this is it or the only
 * @param mtime null where it is not known
 * @param xattrs values by escaped name; null where they are not known
 * @param content hashes a regular file when it is asked
 */
@SuppressWarnings("ArrayRecordComponent")
public record FileFacts(
    byte[] path,
    FileKind kind,
    int permissions,
    long uid,
    long gid,
    long size,
    byte[] target,
    int major,
    int minor,
    byte @Nullable [] firstName,
    @Nullable Mtime mtime,
    @Nullable SortedMap<String, byte[]> xattrs,
    Content content) {

  /** The content of a regular file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Its SHA-256.
     *
     * @throws IOException if it cannot be read
     */
    Digest sha256() throws IOException;
  }
}
