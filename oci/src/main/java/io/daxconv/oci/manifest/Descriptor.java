package io.daxconv.oci.manifest;

import io.daxconv.converter.Budget;
import io.daxconv.converter.BudgetException;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest or index says about one blob (image-spec descriptor.md). An embedded {@code data}
 * is not used: the blob itself is fetched.
 *
 * @param mediaType the type without parameters, in lower case; empty if not given
 * @param digest what the blob must hash to
 * @param size how many bytes it must have
 * @param platform what an index says it runs on, or null
 * @param annotations all of them
 * @param foreign whether it says that it is to be fetched from elsewhere ({@code urls})
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    @Nullable Platform platform,
    Map<String, String> annotations,
    boolean foreign) {
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }

  /** A blob of which no more is known. */
  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(MediaTypes.plain(mediaType), digest, size, null, Map.of(), false);
  }

  /** Reads one. */
  public static Descriptor read(JsonValue json) throws SourceException {
    String mediaType = json.object().get("mediaType").optionalText();
    return new Descriptor(
        mediaType == null ? "" : MediaTypes.plain(mediaType),
        json.get("digest").digest(),
        json.get("size").size(),
        platform(json.get("platform")),
        annotations(json.get("annotations")),
        !json.get("urls").elements().isEmpty());
  }

  private static @Nullable Platform platform(JsonValue json) throws SourceException {
    if (!json.present()) {
      return null;
    }
    String variant = json.object().get("variant").optionalText();
    return new Platform(
        json.get("os").text(),
        json.get("architecture").text(),
        variant == null || variant.isEmpty() ? null : variant);
  }

  private static Map<String, String> annotations(JsonValue json) throws SourceException {
    Map<String, String> annotations = new HashMap<>();
    if (json.present()) {
      for (String name : (Iterable<String>) json.object().node()::fieldNames) {
        annotations.put(
            name, new JsonValue(json.what(), json.path(), json.node().path(name)).text());
      }
    }
    return annotations;
  }

  /**
   * Whether this is what BuildKit knows about another entry rather than an image: such entries are
   * for platform {@code unknown/unknown} or say so in an annotation.
   */
  boolean isAttestation() {
    return "attestation-manifest".equals(annotations.get("vnd.docker.reference.type"))
        || (platform != null
            && platform.os().equals("unknown")
            && platform.architecture().equals("unknown"));
  }

  /**
   * The limit for reading this document into memory: one byte more than it may have, so that too
   * long a one is told from a right one.
   *
   * @param budgets how large a document may be
   * @throws BudgetException if it says that it is larger
   */
  public int readLimit(String what, Budgets budgets) throws BudgetException {
    budgets.check(Budget.MANIFEST_SIZE, size, what + ", by its descriptor");
    return (int) size + 1;
  }

  /** Checks a document against its size and digest. */
  public void check(String what, byte[] bytes) throws SourceException {
    if (bytes.length != size) {
      throw new SourceException(
          what
              + ": expected "
              + size
              + " bytes, found "
              + (bytes.length > size ? "more" : Integer.toString(bytes.length)));
    }
    java.security.MessageDigest hash = digest.algorithm().newHash();
    hash.update(bytes);
    Digest found = Digest.of(digest.algorithm(), hash);
    if (!found.equals(digest)) {
      throw new SourceException(what + ": expected digest " + digest + ", found " + found);
    }
  }
}
