package io.daxconv.oci.credentials;

import com.google.cloud.tools.jib.registry.credentials.CredentialHelperNotFoundException;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperUnhandledServerUrlException;
import com.google.cloud.tools.jib.registry.credentials.DockerCredentialHelper;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program {@code docker-credential-NAME} that keeps credentials. Jib speaks its protocol; which
 * program it is, is looked up here, in the PATH that was handed in.
 */
final class CredentialHelper {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** What a helper says that has none (docker-credential-helpers, credentials/error.go). */
  private static final String NOT_FOUND = "credentials not found in native keychain";

  private final Path program;
  private final Map<String, String> environment;

  private CredentialHelper(Path program, Map<String, String> environment) {
    this.program = program;
    this.environment = environment;
  }

  /**
   * Finds a helper.
   *
   * @param name such as {@code pass}
   * @param file the file that names it
   */
  static CredentialHelper named(String name, Path file, Map<String, String> environment)
      throws CredentialException {
    if (!NAME.matcher(name).matches()) {
      throw new CredentialException(
          AuthFile.label(file)
              + ": expected the name of a credential helper, found "
              + Escapes.quote(name));
    }
    String program = "docker-credential-" + name;
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path candidate = Path.of(directory, program);
      if (!directory.isEmpty() && Files.isExecutable(candidate)) {
        return new CredentialHelper(candidate, environment);
      }
    }
    throw new CredentialException(
        AuthFile.label(file) + ": expected " + program + " in PATH, found none");
  }

  /** Asks for a registry's credential; null if the helper has none. */
  @Nullable Credential find(String registry) throws CredentialException {
    List<String> names = RegistryKey.serverNames(registry);
    for (String server : names) {
      Credential credential = get(server);
      if (credential != null) {
        return credential;
      }
    }
    return null;
  }

  private @Nullable Credential get(String server) throws CredentialException {
    try {
      com.google.cloud.tools.jib.api.Credential found =
          new DockerCredentialHelper(server, program, environment).retrieve();
      return found.isOAuth2RefreshToken()
          ? new Credential.IdentityToken(found.getPassword())
          : new Credential.Password(found.getUsername(), found.getPassword());
    } catch (CredentialHelperUnhandledServerUrlException e) {
      if (String.valueOf(e.getMessage()).contains(NOT_FOUND)) {
        return null;
      }
      throw failed(server);
    } catch (CredentialHelperNotFoundException e) {
      throw new CredentialException(label() + ": cannot be run", e);
    } catch (IOException e) {
      throw failed(server);
    }
  }

  /** What the helper said could hold a secret, so it is not shown. */
  private CredentialException failed(String server) {
    return new CredentialException(
        label() + ": expected the credentials for " + server + " as JSON, found something else");
  }

  private String label() {
    return "credential helper " + Escapes.quote(program.toString());
  }
}
