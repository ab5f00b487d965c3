package io.daxconv.oci;

/** A user name and a password or access token, as they were given for one run. */
public record Credentials(String user, String password) {

  /**
   * Reads {@code USER[:PASSWORD]}; without a colon the password is empty.
   *
   * @throws IllegalArgumentException if there is no user
   */
  public static Credentials parse(String text) {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    if (user.isEmpty()) {
      throw new IllegalArgumentException("credentials: expected USER[:PASSWORD]");
    }
    return new Credentials(user, colon < 0 ? "" : text.substring(colon + 1));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
