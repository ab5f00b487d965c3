package io.daxconv.converter.annex;

/**
 * A place in an image that deserves a look although it was handled as the specification says.
 *
 * @param id what it is, stable: {@code symlink-replaced-by-directory}, {@code
 *     overlay-xattr-left-out}, {@code xattr-not-in-erofs} or {@code device-taken-for-whiteout}
 * @param path the path, escaped
 * @param detail one sentence
 */
public record Remark(String id, String path, String detail) {}
