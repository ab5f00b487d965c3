package io.daxconv.oci.credentials;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential file of Docker's or podman's.
 *
 * @param path the file
 * @param auths the credentials in it, by normalised key
 * @param helpers the credential helper for a registry, by normalised key; an empty name is none
 * @param store the credential helper for every other registry; empty for none
 */
record AuthFile(
    Path path, Map<String, Credential> auths, Map<String, String> helpers, String store) {
  private static final int LIMIT = 1 << 20;

  /** What can stand in an HTTP header as it is. */
  private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]+");

  /** Reads a file; null if there is none. */
  static @Nullable AuthFile read(Path path) throws SourceException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (NoSuchFileException absent) {
      return null;
    } catch (IOException e) {
      throw new CredentialException(label(path) + ": cannot be read: " + reason(e), e);
    }
    if (bytes.length > LIMIT) {
      throw new CredentialException(
          label(path) + ": expected at most " + LIMIT + " bytes, found more");
    }
    // An empty file is what podman makes of a file that it is told to use and is not there.
    return bytes.length == 0
        ? new AuthFile(path, Map.of(), Map.of(), "")
        : read(path, JsonValue.parse(label(path), bytes).object());
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : Escapes.quote(String.valueOf(e.getMessage()));
  }

  private static AuthFile read(Path path, JsonValue json) throws SourceException {
    Map<String, Credential> auths = new HashMap<>();
    JsonValue entries = json.get("auths");
    for (String key : keys(entries)) {
      Credential credential = credential(path, key, entries.member(key));
      if (credential != null) {
        put(auths, key, credential);
      }
    }
    Map<String, String> helpers = new HashMap<>();
    JsonValue names = json.get("credHelpers");
    for (String key : keys(names)) {
      put(helpers, key, names.member(key).text());
    }
    String store = json.get("credsStore").optionalText();
    return new AuthFile(path, auths, helpers, store == null ? "" : store);
  }

  private static Iterable<String> keys(JsonValue object) throws SourceException {
    return object.present() ? object.object().node()::fieldNames : java.util.List.of();
  }

  /** A key that is written as it is normalised wins over one that only comes to the same. */
  private static <T> void put(Map<String, T> map, String key, T value) {
    String normalised = RegistryKey.normalised(key);
    if (key.equals(normalised)) {
      map.put(normalised, value);
    } else {
      map.putIfAbsent(normalised, value);
    }
  }

  private static @Nullable Credential credential(Path path, String key, JsonValue entry)
      throws SourceException {
    String identity = entry.object().get("identitytoken").optionalText();
    String bearer = entry.get("registrytoken").optionalText();
    String auth = entry.get("auth").optionalText();
    String user = entry.get("username").optionalText();
    String password = entry.get("password").optionalText();
    if (bearer != null && !bearer.isEmpty()) {
      if (!HEADER_SAFE.matcher(bearer).matches()) {
        throw new CredentialException(
            label(path)
                + ": auths["
                + Escapes.quote(key)
                + "].registrytoken: expected printable characters, found others");
      }
      return new Credential.RegistryToken(bearer);
    }
    if (identity != null && !identity.isEmpty()) {
      return new Credential.IdentityToken(identity);
    }
    if (auth != null && !auth.isEmpty()) {
      return decoded(path, key, auth);
    }
    if (user == null || user.isEmpty()) {
      return null;
    }
    return new Credential.Password(user, password == null ? "" : password);
  }

  private static Credential decoded(Path path, String key, String auth) throws SourceException {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The cause would quote a piece of the secret.
      throw new CredentialException(entry(path, key) + ": expected base64");
    }
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw new CredentialException(entry(path, key) + ": expected base64 of USER:PASSWORD");
    }
    String password = text.substring(colon + 1);
    int nul = password.indexOf('\0');
    // Docker once padded with NULs, and still takes them off.
    return new Credential.Password(
        text.substring(0, colon), nul < 0 ? password : password.substring(0, nul));
  }

  private static String entry(Path path, String key) {
    return label(path) + ": auths[" + Escapes.quote(key) + "].auth";
  }

  static String label(Path path) {
    return "credentials file " + Escapes.quote(path.toString());
  }
}
