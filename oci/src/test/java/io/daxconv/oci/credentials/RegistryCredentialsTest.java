package io.daxconv.oci.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.credentials.Credential.IdentityToken;
import io.daxconv.oci.credentials.Credential.Password;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryCredentialsTest {
  @TempDir Path home;
  private final Map<String, String> environment = new HashMap<>();

  private @Nullable Credential find(String registry, String repository) throws SourceException {
    FoundCredential found =
        RegistryCredentials.load(SourceOptions.builder(environment, home).build())
            .find(registry, repository);
    return found == null ? null : found.credential();
  }

  private static String auth(String user) {
    byte[] pair = (user + ":secret").getBytes(StandardCharsets.UTF_8);
    return "{\"auth\":\"" + Base64.getEncoder().encodeToString(pair) + "\"}";
  }

  private Path write(String path, String json) throws IOException {
    Path file = home.resolve(path);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.writeString(file, json);
  }

  private void auths(String path, String key, String user) throws IOException {
    write(path, "{\"auths\":{\"%s\":%s}}".formatted(key, auth(user)));
  }

  @Test
  void looksInOneFileAfterTheOther() throws IOException {
    environment.put("XDG_RUNTIME_DIR", home + "/run");
    environment.put("XDG_CONFIG_HOME", home + "/config");
    environment.put("DOCKER_CONFIG", home + "/docker");
    assertThat(find("quay.io", "a")).isNull();
    auths("docker/config.json", "quay.io", "docker");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("docker", "secret"));
    auths("config/containers/auth.json", "quay.io", "config");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("config", "secret"));
    auths("run/containers/auth.json", "quay.io", "run");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("run", "secret"));
    auths("run/containers/auth.json", "ghcr.io", "other");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("config", "secret"));
    auths("named.json", "quay.io", "named");
    environment.put("REGISTRY_AUTH_FILE", home + "/named.json");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("named", "secret"));
  }

  @Test
  void looksInTheHomeDirectory() throws IOException {
    auths(".docker/config.json", "quay.io", "docker");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("docker", "secret"));
    auths(".config/containers/auth.json", "quay.io", "podman");
    assertThat(find("quay.io", "a")).isEqualTo(new Password("podman", "secret"));
  }

  @Test
  void prefersWhatIsGiven() throws IOException {
    auths(".docker/config.json", "quay.io", "docker");
    Path named = write("named.json", "{\"auths\":{\"quay.io\":%s}}".formatted(auth("named")));
    SourceOptions.Builder options = SourceOptions.builder(environment, home).authfile(named);

    assertThat(RegistryCredentials.load(options.build()).find("quay.io", "a"))
        .isEqualTo(
            new FoundCredential(
                new Password("named", "secret"), "credentials from \"" + named + "\""));
    options.credentials(Credentials.parse("given:p:w"));
    assertThat(RegistryCredentials.load(options.build()).find("quay.io", "a"))
        .isEqualTo(new FoundCredential(new Password("given", "p:w"), "the given credentials"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://index.docker.io/v1/, docker.io, library/debian",
    "docker.io, docker.io, library/debian",
    "registry-1.docker.io, docker.io, a/b",
    "https://quay.io, quay.io, a/b",
    "https://quay.io/v2/, quay.io, a/b",
    "quay.io/v1/, quay.io, a/b",
    "localhost:5000, localhost:5000, a",
    "quay.io/a, quay.io, a/b",
    "quay.io/a/b, quay.io, a/b",
    "docker.io/library, docker.io, library/debian",
  })
  void knowsTheFormsOfKeys(String key, String registry, String repository) throws IOException {
    auths(".docker/config.json", key, "u");

    assertThat(find(registry, repository)).isEqualTo(new Password("u", "secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "quay.io/a/c, quay.io, a/b",
    "quay.io/a/b/c, quay.io, a/b",
    "quay.io:443, quay.io, a/b",
    "quay.io/a, quay.io, ab/c",
    "uay.io, quay.io, a",
  })
  void takesNoKeyThatDoesNotFit(String key, String registry, String repository) throws IOException {
    auths(".docker/config.json", key, "u");

    assertThat(find(registry, repository)).isNull();
  }

  @Test
  void prefersTheLongestKey() throws IOException {
    write(
        ".config/containers/auth.json",
        "{\"auths\":{\"quay.io\":%s,\"quay.io/a/b\":%s,\"quay.io/a\":%s}}"
            .formatted(auth("registry"), auth("repository"), auth("namespace")));

    assertThat(find("quay.io", "a/b")).isEqualTo(new Password("repository", "secret"));
    assertThat(find("quay.io", "a/c")).isEqualTo(new Password("namespace", "secret"));
    assertThat(find("quay.io", "c")).isEqualTo(new Password("registry", "secret"));
  }

  @Test
  void readsEveryFormOfAnEntry() throws IOException {
    write(
        ".docker/config.json",
        """
        {"auths":{"a.io":{"username":"u","password":"p"},
          "b.io":{"auth":"PHRva2VuPjo=","identitytoken":"it"},
          "c.io":{},
          "d.io":{"auth":"dTpwAAA="}},
         "HttpHeaders":{"x":"y"}}""");

    assertThat(find("a.io", "x")).isEqualTo(new Password("u", "p"));
    assertThat(find("b.io", "x")).isEqualTo(new IdentityToken("it"));
    assertThat(find("c.io", "x")).isNull();
    assertThat(find("d.io", "x")).isEqualTo(new Password("u", "p"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"auths":{"q.io":{"auth":"secret!"}}} | auths["q.io"].auth: expected base64
          {"auths":{"q.io":{"auth":"c2VjcmV0"}}} | auths["q.io"].auth: expected base64 of USER:PASSWORD
          {"auths":[]} | auths: expected an object, found array
          {"auths":{"q.io":"secret"}} | auths["q.io"]: expected an object, found string
          {"credsStore":1} | credsStore: expected a string, found number
          {"auths":secret} | not valid JSON: a syntax error at line 1, column 10
          """)
  void saysWhatIsWrongWithAFileWithoutShowingIt(String json, String complaint) throws IOException {
    Path file = write(".docker/config.json", json);

    assertThatThrownBy(() -> find("q.io", "a"))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("credentials file \"" + file + "\": " + complaint)
        .hasMessageNotContaining("secret");
  }

  @Test
  void wantsANamedFileToBeThere() {
    environment.put("REGISTRY_AUTH_FILE", home + "/none.json");

    assertThatThrownBy(() -> find("q.io", "a"))
        .hasMessage("credentials file \"" + home + "/none.json\": expected a file, found nothing");
  }

  @Test
  void asksACredentialHelper() throws IOException {
    helper("keeper");
    write(
        ".docker/config.json",
        """
        {"credsStore":"keeper","auths":{"other.io":%s,"https://index.docker.io/v1/":{}}}"""
            .formatted(auth("file")));

    assertThat(find("docker.io", "library/debian")).isEqualTo(new Password("hub", "s3cret"));
    assertThat(find("token.io", "a")).isEqualTo(new IdentityToken("it"));
    assertThat(find("other.io", "a")).isEqualTo(new Password("file", "secret"));
    assertThat(find("unknown.io", "a")).isNull();
    assertThatThrownBy(() -> find("broken.io", "a"))
        .hasMessage(
            "credential helper \"%s/bin/docker-credential-keeper\": expected the credentials for"
                    .formatted(home)
                + " broken.io as JSON, found something else");
  }

  @Test
  void asksTheHelperOfARegistry() throws IOException {
    helper("keeper");
    write(".config/containers/auth.json", "{\"credHelpers\":{\"token.io\":\"keeper\"}}");

    assertThat(find("token.io", "a")).isEqualTo(new IdentityToken("it"));
    assertThat(find("docker.io", "a")).isNull();
  }

  @Test
  void saysThatAHelperIsNotThere() throws IOException {
    Path file = write(".docker/config.json", "{\"credsStore\":\"none\"}");
    environment.put("PATH", home + "/bin");
    assertThatThrownBy(() -> find("q.io", "a"))
        .hasMessage(
            "credentials file \"%s\": expected docker-credential-none in PATH, found none"
                .formatted(file));
    write(".docker/config.json", "{\"credsStore\":\"../x\"}");
    assertThatThrownBy(() -> find("q.io", "a"))
        .hasMessage(
            "credentials file \"%s\": expected the name of a credential helper, found \"../x\""
                .formatted(file));
  }

  /**
   * Speaks the protocol of docker-credential-helpers: {@code get}, the server on standard input.
   */
  private void helper(String name) throws IOException {
    Path program =
        write(
            "bin/docker-credential-" + name,
            """
            #!/bin/sh
            read server
            case "$1 $server" in
              "get https://index.docker.io/v1/") echo '{"Username":"hub","Secret":"s3cret"}' ;;
              "get token.io") echo '{"ServerURL":"x","Username":"<token>","Secret":"it"}' ;;
              "get broken.io") echo 'secret nonsense' ;;
              *) echo 'credentials not found in native keychain'; exit 1 ;;
            esac
            """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("PATH", "/nonexistent::" + program.getParent());
  }
}
