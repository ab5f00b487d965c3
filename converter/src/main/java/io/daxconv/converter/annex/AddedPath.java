package io.daxconv.converter.annex;

import io.daxconv.converter.source.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory of the host that was put into the image.
 *
 * @param path where it is in the image, with {@link io.daxconv.converter.text.Escapes}
 * @param files how many files and directories came with it, itself among them
 * @param size bytes of the regular files among these
 * @param sha256 the digest of a single regular file's bytes; null for a directory
 * @param source where the host had it; null if that is not recorded
 */
public record AddedPath(
    String path, long files, long size, @Nullable Digest sha256, @Nullable String source) {}
