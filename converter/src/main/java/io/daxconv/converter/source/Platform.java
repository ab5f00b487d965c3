package io.daxconv.converter.source;

import org.jspecify.annotations.Nullable;

/**
 * A platform as image indexes and configs name it (image-spec image-index.md, Go's GOOS and
 * GOARCH).
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 * @param variant such as {@code v8}, or null
 */
public record Platform(String os, String architecture, @Nullable String variant) {

  /**
   * Reads {@code os/arch[/variant]}.
   *
   * @throws SourceException if it is anything else
   */
  public static Platform parse(String text) throws SourceException {
    String[] parts = text.split("/", -1);
    if (parts.length < 2
        || parts.length > 3
        || text.startsWith("/")
        || text.contains("//")
        || text.endsWith("/")) {
      throw new SourceException(
          "platform: expected os/arch[/variant] such as linux/arm64/v8, found "
              + io.daxconv.converter.text.Escapes.quote(text));
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
  }

  /** Linux on the processor that runs this program. */
  public static Platform ofThisMachine() {
    String arch = System.getProperty("os.arch", "");
    return switch (arch) {
      case "aarch64" -> new Platform("linux", "arm64", null);
      case "x86_64" -> new Platform("linux", "amd64", null);
      case "x86" -> new Platform("linux", "386", null);
      default -> new Platform("linux", arch, null);
    };
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null ? "" : "/" + variant);
  }
}
