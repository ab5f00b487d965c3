package io.daxconv.oci.manifest;

import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which entry of an index fits a platform. Operating system and architecture must be the same;
 * {@code arm64} and {@code arm64/v8}, {@code amd64} and {@code amd64/v1}, {@code arm} and {@code
 * arm/v7} are the same. A variant that was asked for must be there; {@code arm} without one takes
 * v7, v6 or v5, in this order.
 */
public final class PlatformChoice {
  private static final int LISTED = 20;
  private static final List<String> ARM_VARIANTS = List.of("v7", "v6", "v5");

  private PlatformChoice() {}

  /**
   * The entry that fits best, the first among equals. Attestations are never chosen. An entry that
   * says nothing of its platform is chosen if it is the only one and nothing else fits.
   *
   * @param what how a complaint names the index
   * @throws SourceException if none fits; it lists what there is
   */
  public static Descriptor choose(String what, List<Descriptor> entries, Platform wanted)
      throws SourceException {
    Descriptor best = null;
    int bestRank = Integer.MAX_VALUE;
    List<Descriptor> images = entries.stream().filter(e -> !e.isAttestation()).toList();
    for (Descriptor entry : images) {
      int rank = entry.platform() == null ? -1 : rank(wanted, entry.platform());
      if (rank >= 0 && rank < bestRank) {
        best = entry;
        bestRank = rank;
      }
    }
    if (best != null) {
      return best;
    }
    List<Descriptor> silent = images.stream().filter(e -> e.platform() == null).toList();
    if (silent.size() == 1) {
      return silent.getFirst();
    }
    throw new SourceException(
        "%s: no image for platform %s; it has %s".formatted(what, text(wanted), offered(images)));
  }

  private static String offered(List<Descriptor> images) {
    Set<String> platforms = new LinkedHashSet<>();
    for (Descriptor image : images) {
      platforms.add(image.platform() == null ? "one of no platform" : text(image.platform()));
    }
    if (platforms.isEmpty()) {
      return "none";
    }
    String listed = platforms.stream().limit(LISTED).collect(Collectors.joining(", "));
    return platforms.size() > LISTED ? listed + ", …" : listed;
  }

  /** A platform as messages show it. */
  static String text(Platform platform) {
    return Escapes.escape(platform.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** How well an offer fits: 0 is best, -1 not at all. */
  static int rank(Platform wanted, Platform offered) {
    if (!wanted.os().equals(offered.os())
        || !wanted.architecture().equals(offered.architecture())) {
      return -1;
    }
    String wantedVariant = variant(wanted);
    String offeredVariant = variant(offered);
    if (offeredVariant.equals(wantedVariant)) {
      return 0;
    }
    if (wanted.variant() != null) {
      return -1;
    }
    return switch (wanted.architecture()) {
      case "arm" -> ARM_VARIANTS.indexOf(offeredVariant);
      case "amd64", "arm64" -> -1;
      default -> 1;
    };
  }

  private static String variant(Platform platform) {
    @Nullable String variant = platform.variant();
    if (variant != null && !variant.isEmpty()) {
      return variant;
    }
    return switch (platform.architecture()) {
      case "amd64" -> "v1";
      case "arm64" -> "v8";
      case "arm" -> "v7";
      default -> "";
    };
  }
}
