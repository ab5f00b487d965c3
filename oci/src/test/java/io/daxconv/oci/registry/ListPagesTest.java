package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.batch.Catalog;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of more than one page: of repositories, of tags, of referrers. */
@Timeout(60)
class ListPagesTest {
  private static final String TYPE = "application/vnd.test.artifact";
  private static final Digest SUBJECT = Digest.sha256(new byte[] {1});
  private static final String REFERRERS = "/v2/a/b/referrers/" + SUBJECT;

  @TempDir Path temp;
  private final FakeRegistry registry;

  ListPagesTest() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private SourceOptions options() {
    return SourceOptions.builder(Map.of(), temp)
        .systemConfig(temp.resolve("etc"))
        .retries(new RetryPolicy(1, Duration.ZERO))
        .build();
  }

  private RegistryRepository open() throws IOException {
    return RegistryRepository.open(RegistryReference.parse(registry.host() + "/a/b"), options());
  }

  /** Answers with one page after another; each has a Link to the next, but the last. */
  private void pages(String path, String next, String... pages) {
    registry.on(
        path,
        (request, answer) -> {
          String query = String.valueOf(request.uri().getQuery());
          int page =
              query.contains("page=") ? Integer.parseInt(query.replaceFirst(".*page=", "")) : 0;
          byte[] body = pages[page].getBytes(StandardCharsets.UTF_8);
          if (page + 1 < pages.length) {
            String link = next.formatted(page + 1);
            answer.send(200, body, "Link: " + link);
          } else {
            answer.send(200, body);
          }
        });
  }

  private List<String> tags() throws IOException {
    List<String> tags = new ArrayList<>();
    try (RegistryRepository repository = open()) {
      for (JsonValue page : repository.tagPages()) {
        for (JsonValue tag : page.get("tags").elements()) {
          tags.add(tag.text());
        }
      }
    }
    return tags;
  }

  private static String tagPage(String tag) {
    return "{\"name\":\"a/b\",\"tags\":[\"" + tag + "\"]}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</v2/a/b/tags/list?n=1&page=%d>; rel=\"next\"",
        "<?page=%d>; rel=next",
        "<list?page=%d>; title=\"more\"; rel=\"next\"",
        "<http://HOST/v2/a/b/tags/list?page=%d>; rel=\"next\"",
        "</v2/>; rel=\"first\", </v2/a/b/tags/list?page=%d>;rel=\"next\"",
      })
  void followsLinksWhateverTheyLookLike(String link) throws IOException {
    pages(
        "/v2/a/b/tags/list",
        link.replace("HOST", registry.host()),
        tagPage("1"),
        tagPage("2"),
        tagPage("3"));
    assertThat(tags()).containsExactly("1", "2", "3");
    assertThat(registry.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<http://127.0.0.1:9/v2/a/b/tags/list?page=%d>; rel=\"next\"",
        "<//elsewhere.test/v2/a/b/tags/list?page=%d>; rel=\"next\"",
        "<https://HOST/v2/a/b/tags/list?page=%d>; rel=\"next\"",
        "<http://me:secret@HOST/v2/a/b/tags/list?page=%d>; rel=\"next\"",
        "<file:///etc/passwd?page=%d>; rel=\"next\"",
        "<http://[?page=%d>; rel=\"next\"",
      })
  void isNotLedElsewhereAndDoesNotTakeHalfForAll(String link) {
    pages("/v2/a/b/tags/list", link.replace("HOST", registry.host()), tagPage("1"), tagPage("2"));
    assertThatThrownBy(this::tags)
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith(
            "tags of "
                + registry.host()
                + "/a/b: expected a Link to a page of the same registry, found ")
        .hasMessageNotContaining("secret");
    assertThat(registry.requests()).hasSize(1);
  }

  @Test
  void doesNotGoRoundInCircles() {
    pages("/v2/a/b/tags/list", "<?page=1>; rel=\"next\"", tagPage("1"), tagPage("2"), tagPage("3"));
    assertThatThrownBy(this::tags)
        .hasMessageEndingWith("expected another page, found a Link to one that was there before");
    assertThat(registry.requests()).hasSize(2);
  }

  @Test
  void aPageThatFailsIsAskedForAgainAndThenAnError() throws IOException {
    pages("/v2/a/b/tags/list", "<?page=%d>; rel=\"next\"", tagPage("1"), tagPage("2"));
    registry.gate(
        (request, answer) -> {
          if (registry.requests().size() == 2) {
            answer.error(503, "UNAVAILABLE", "later");
            return false;
          }
          return true;
        });
    assertThat(tags()).containsExactly("1", "2");
    registry.gate(
        (request, answer) -> {
          if (String.valueOf(request.uri().getQuery()).contains("page=")) {
            answer.error(503, "UNAVAILABLE", "later");
            return false;
          }
          return true;
        });
    assertThatThrownBy(this::tags).isInstanceOf(RegistryException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/a/b/tags/list", "referrers"})
  void aPageThatIsNotThereIsAnErrorAndNotTheEnd(String list) {
    String path = list.equals("referrers") ? REFERRERS : list;
    pages(path, "<?page=%d>; rel=\"next\"", index(TYPE), tagPage("2"));
    registry.gate(
        (request, answer) -> {
          if (String.valueOf(request.uri().getQuery()).contains("page=")) {
            answer.error(404, "NAME_UNKNOWN", "no");
            return false;
          }
          return true;
        });
    assertThatThrownBy(() -> list(path))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(": expected page 2, found none: ")
        .hasMessageContaining("404");
  }

  private void list(String path) throws IOException {
    try (RegistryRepository repository = open()) {
      if (path.contains("tags")) {
        repository.tagPages();
      } else {
        repository.referrers(SUBJECT, TYPE);
      }
    }
  }

  @Test
  void aCatalogHasPagesAndSoHaveItsTags() throws IOException {
    pages(
        "/v2/_catalog",
        "</v2/_catalog?n=1&page=%d>; rel=\"next\"",
        "{\"repositories\":[\"a/b\"]}",
        "{\"repositories\":[\"c\"]}");
    pages("/v2/a/b/tags/list", "<?page=%d>; rel=\"next\"", tagPage("1"), tagPage("2"));
    pages("/v2/c/tags/list", "", tagPage("3"));
    assertThat(Catalog.images(registry.host(), "**", "*", options()))
        .containsExactly(
            registry.host() + "/a/b:1", registry.host() + "/a/b:2", registry.host() + "/c:3");
  }

  private @Nullable List<JsonValue> referrers() throws IOException {
    try (RegistryRepository repository = open()) {
      return repository.referrers(SUBJECT, TYPE);
    }
  }

  private static String index(String... types) {
    List<String> entries = new ArrayList<>();
    for (String type : types) {
      entries.add(
          "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"%s\",\"size\":2,\"artifactType\":\"%s\"}"
              .formatted(Digest.sha256(type.getBytes(StandardCharsets.UTF_8)), type));
    }
    return "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}";
  }

  @Test
  void referrersOfAllPagesAreFoundAndOthersLeftOut() throws IOException {
    pages(
        REFERRERS,
        "<" + REFERRERS + "?page=%d>; rel=\"next\"",
        index("other", TYPE),
        index("other"),
        index(TYPE));
    assertThat(referrers()).hasSize(2);
    assertThat(registry.requests().getFirst().uri().getQuery()).isEqualTo("artifactType=" + TYPE);
    assertThat(registry.requests()).hasSize(3);
  }

  @Test
  void aListWithNoneOfThemIsNone() throws IOException {
    pages(REFERRERS, "", index("other"));
    assertThat(referrers()).isNull();
  }

  @Test
  void aRegistryWithoutReferrersHasNone() throws IOException {
    for (int status : List.of(400, 404, 405)) {
      registry.on(REFERRERS, (request, answer) -> answer.error(status, "UNSUPPORTED", "no"));
      assertThat(referrers()).isNull();
    }
    registry.on(REFERRERS, (request, answer) -> answer.error(500, "UNKNOWN", "broken"));
    assertThatThrownBy(this::referrers).isInstanceOf(RegistryException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theRegistrySaysWhetherItHasListedAnArtifact(boolean listed) throws IOException {
    registry.on(
        "/v2/a/b/manifests/one",
        (request, answer) -> {
          String header = listed ? "OCI-Subject: " + SUBJECT : "X-Other: 1";
          answer.send(201, new byte[0], header);
        });
    try (RegistryRepository repository = open()) {
      byte[] manifest = {'{', '}'};
      assertThat(repository.putManifest("one", "application/json", manifest, "")).isEqualTo(listed);
    }
  }
}
