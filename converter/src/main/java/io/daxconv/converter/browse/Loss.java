package io.daxconv.converter.browse;

/**
 * Something of a file that could not be extracted.
 *
 * @param path the file, escaped
 * @param what what is missing now
 * @param reason why, in words
 */
public record Loss(String path, Kind what, String reason) {
  /** What can be missing. */
  public enum Kind {
    /** It belongs to whoever extracted it; the set-user-ID and set-group-ID bits went with it. */
    OWNER("owner"),
    XATTR("xattr"),
    SPECIAL_FILE("special-file"),
    /** A socket in a tar, which has no such type. */
    SOCKET("socket");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** Its stable name. */
    public String id() {
      return id;
    }
  }
}
