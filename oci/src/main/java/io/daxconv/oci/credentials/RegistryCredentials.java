package io.daxconv.oci.credentials;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.SourceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where credentials are looked for. Given ones are the only ones; so is a file that was named, by
 * option or by {@code REGISTRY_AUTH_FILE}. Else podman's files and then Docker's, the first that
 * knows the registry.
 */
public final class RegistryCredentials {
  private final @Nullable Credentials given;
  private final List<AuthFile> files;
  private final Map<String, String> environment;

  private RegistryCredentials(
      @Nullable Credentials given, List<AuthFile> files, Map<String, String> environment) {
    this.given = given;
    this.files = List.copyOf(files);
    this.environment = environment;
  }

  /**
   * Reads the files; no helper is run yet.
   *
   * @throws SourceException if one of them is broken, or a named one is not there
   */
  public static RegistryCredentials load(SourceOptions options) throws SourceException {
    Map<String, String> environment = options.environment();
    if (options.credentials() != null) {
      return new RegistryCredentials(options.credentials(), List.of(), environment);
    }
    String named = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
    if (options.authfile() != null) {
      return new RegistryCredentials(null, List.of(required(options.authfile())), environment);
    }
    if (!named.isEmpty()) {
      return new RegistryCredentials(null, List.of(required(Path.of(named))), environment);
    }
    List<AuthFile> files = new ArrayList<>();
    for (Path path : usualFiles(environment, options.home())) {
      AuthFile file = AuthFile.read(path);
      if (file != null) {
        files.add(file);
      }
    }
    return new RegistryCredentials(null, files, environment);
  }

  private static AuthFile required(Path path) throws SourceException {
    AuthFile file = AuthFile.read(path);
    if (file == null) {
      throw new CredentialException(AuthFile.label(path) + ": expected a file, found nothing");
    }
    return file;
  }

  private static Set<Path> usualFiles(Map<String, String> environment, Path home) {
    Set<Path> files = new LinkedHashSet<>();
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      files.add(Path.of(runtime, "containers", "auth.json"));
    }
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path configHome = config.isEmpty() ? home.resolve(".config") : Path.of(config);
    files.add(configHome.resolve("containers").resolve("auth.json"));
    String docker = environment.getOrDefault("DOCKER_CONFIG", "");
    files.add(
        (docker.isEmpty() ? home.resolve(".docker") : Path.of(docker)).resolve("config.json"));
    return files;
  }

  /**
   * The credential for an image; null if there is none.
   *
   * @throws SourceException if a helper is broken
   */
  public @Nullable FoundCredential find(String registry, String repository) throws SourceException {
    if (given != null) {
      return new FoundCredential(
          new Credential.Password(given.user(), given.password()), "the given credentials");
    }
    for (AuthFile file : files) {
      FoundCredential found = find(file, registry, repository);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable FoundCredential find(AuthFile file, String registry, String repository)
      throws SourceException {
    String origin = "credentials from " + Escapes.quote(file.path().toString());
    String helper = file.helpers().getOrDefault(registry, file.store());
    if (!helper.isEmpty()) {
      Credential credential =
          CredentialHelper.named(helper, file.path(), environment).find(registry);
      if (credential != null) {
        return new FoundCredential(credential, origin + " by docker-credential-" + helper);
      }
    }
    for (String key : RegistryKey.candidates(registry, repository)) {
      Credential credential = file.auths().get(key);
      if (credential != null) {
        return new FoundCredential(credential, origin);
      }
    }
    return null;
  }

  /** Where was looked, for a message that says that nothing was found. */
  public String searched() {
    if (files.isEmpty()) {
      return "there is no credentials file";
    }
    return "none in "
        + files.stream().map(RegistryCredentials::searched).collect(Collectors.joining(", "));
  }

  private static String searched(AuthFile file) {
    String name = Escapes.quote(file.path().toString());
    return file.store().isEmpty() ? name : name + " nor from docker-credential-" + file.store();
  }
}
