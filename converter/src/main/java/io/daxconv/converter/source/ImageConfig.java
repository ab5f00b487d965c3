package io.daxconv.converter.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The config blob of an image (image-spec config.md, or Docker's, which is the same where it
 * matters).
 *
 * @param digest the digest of the blob's bytes: the image's id, the same wherever the image is kept
 * @param platform what the config says the image runs on
 * @param diffIds the digests of the uncompressed layers, oldest first
 * @param json the whole document
 */
public record ImageConfig(Digest digest, Platform platform, List<Digest> diffIds, JsonNode json) {
  public ImageConfig {
    diffIds = List.copyOf(diffIds);
  }
}
