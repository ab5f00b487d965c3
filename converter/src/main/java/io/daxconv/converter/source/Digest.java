package io.daxconv.converter.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest such as {@code sha256:9f86d0…}, as the OCI image-spec's descriptor.md defines
 * it.
 *
 * @param algorithm the algorithm
 * @param hex the digest in lower case hexadecimal digits
 */
public record Digest(Algorithm algorithm, String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  /** The registered algorithms of the image-spec. */
  public enum Algorithm {
    SHA256("sha256", "SHA-256", 64),
    SHA512("sha512", "SHA-512", 128);

    private final String label;
    private final String javaName;
    private final int hexDigits;

    Algorithm(String label, String javaName, int hexDigits) {
      this.label = label;
      this.javaName = javaName;
      this.hexDigits = hexDigits;
    }

    /** The name before the colon. */
    public String label() {
      return label;
    }

    /** A fresh hash; every Java platform has both. */
    public MessageDigest newHash() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public Digest {
    if (hex.length() != algorithm.hexDigits || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a " + algorithm.label + " digest");
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws SourceException if it is anything else
   */
  public static Digest parse(String text) throws SourceException {
    int colon = text.indexOf(':');
    for (Algorithm algorithm : Algorithm.values()) {
      if (colon == algorithm.label.length() && text.startsWith(algorithm.label)) {
        try {
          return new Digest(algorithm, text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
          break;
        }
      }
    }
    throw new SourceException(
        "digest: expected sha256:<64 hex digits> or sha512:<128>, found "
            + io.daxconv.converter.text.Escapes.quote(text));
  }

  /** The digest that a finished hash holds; the hash is reset. */
  public static Digest of(Algorithm algorithm, MessageDigest hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
  }

  /** The SHA-256 of these bytes. */
  public static Digest sha256(byte[] bytes) {
    MessageDigest hash = Algorithm.SHA256.newHash();
    hash.update(bytes);
    return of(Algorithm.SHA256, hash);
  }

  /** The first twelve digits, for progress lines. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return algorithm.label + ":" + hex;
  }
}
