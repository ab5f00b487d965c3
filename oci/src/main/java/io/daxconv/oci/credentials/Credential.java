package io.daxconv.oci.credentials;

/** What a registry is shown. None of them prints itself. */
public sealed interface Credential {
  /** A user's password, or a token in its place. */
  record Password(String user, String password) implements Credential {
    @Override
    public String toString() {
      return "Password[user=" + user + "]";
    }
  }

  /** A token for which the token server gives others ({@code identitytoken}; OAuth2 refresh). */
  record IdentityToken(String token) implements Credential {
    @Override
    public String toString() {
      return "IdentityToken[]";
    }
  }

  /** A token that the registry takes as it is ({@code registrytoken}). */
  record RegistryToken(String token) implements Credential {
    @Override
    public String toString() {
      return "RegistryToken[]";
    }
  }
}
