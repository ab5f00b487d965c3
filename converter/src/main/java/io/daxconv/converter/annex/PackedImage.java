package io.daxconv.converter.annex;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several images that a file holds, each in a directory of its own.
 *
 * @param name what it is chosen by: letters, digits, {@code .}, {@code _} and {@code -}
 * @param path its root directory, such as {@code /name}
 * @param reference as {@link Annex#reference}
 * @param imageId as {@link Annex#imageId}
 * @param platform as {@link Annex#platform}
 * @param diffIds as {@link Annex#diffIds}
 * @param config as {@link Annex#config}
 * @param source as {@link Annex#source}
 */
public record PackedImage(
    String name,
    String path,
    String reference,
    @Nullable Digest imageId,
    @Nullable Platform platform,
    List<Digest> diffIds,
    @Nullable JsonNode config,
    @Nullable Provenance source) {
  public PackedImage {
    diffIds = List.copyOf(diffIds);
  }
}
