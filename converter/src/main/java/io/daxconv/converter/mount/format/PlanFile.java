package io.daxconv.converter.mount.format;

/**
 * One file of a mount plan written down.
 *
 * @param path below the directory that the files go to, with {@code /} between names
 * @param text ends with a newline; to be encoded as UTF-8
 */
public record PlanFile(String path, String text) {
  public PlanFile {
    if (path.startsWith("/") || path.contains("..") || path.isEmpty()) {
      throw new IllegalArgumentException(path);
    }
  }
}
