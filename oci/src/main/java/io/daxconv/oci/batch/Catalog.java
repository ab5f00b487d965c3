package io.daxconv.oci.batch;

import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.registry.RegistryReference;
import io.daxconv.oci.registry.RegistryRepository;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * What a registry has: its repositories ({@code GET /v2/_catalog}, of which the distribution-spec
 * says nothing but which docker-registry and others have) and their tags ({@code tags/list}), page
 * by page.
 */
public final class Catalog {
  private Catalog() {}

  /**
   * References of all images whose names match, in the order of their names. Tags that stand for
   * what refers to an image are left out: lists of referrers ({@code sha256-<hex>}) and what cosign
   * attaches ({@code sha256-<hex>.sig}, {@code .att}, {@code .sbom}).
   *
   * @param host the registry
   * @param repositories a glob in which {@code *} does not match {@code /} and {@code **} does
   * @param tags a glob
   */
  public static List<String> images(
      String host, String repositories, String tags, SourceOptions options) throws IOException {
    PathMatcher repositoryGlob = glob(repositories);
    PathMatcher tagGlob = glob(tags);
    List<String> images = new ArrayList<>();
    // No repository is called so, but a client is for one.
    RegistryReference any = RegistryReference.parse(host + "/catalog");
    List<String> names = new ArrayList<>();
    try (RegistryRepository registry = RegistryRepository.openToList(any, options)) {
      for (JsonValue page : registry.catalogPages()) {
        add(names, page.get("repositories"));
      }
    }
    for (String name :
        names.stream().filter(n -> repositoryGlob.matches(Path.of(n))).sorted().toList()) {
      RegistryReference repository = RegistryReference.parse(host + "/" + name);
      List<String> found = new ArrayList<>();
      try (RegistryRepository registry = RegistryRepository.openToList(repository, options)) {
        for (JsonValue page : registry.tagPages()) {
          add(found, page.get("tags"));
        }
      }
      found.stream()
          .filter(
              tag ->
                  tagGlob.matches(Path.of(tag))
                      && !tag.matches("sha(256|512)-[0-9a-f]+(\\.[a-z]+)?"))
          .sorted()
          .forEach(tag -> images.add(host + "/" + name + ":" + tag));
    }
    return images;
  }

  private static PathMatcher glob(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  private static void add(List<String> names, JsonValue list) throws SourceException {
    for (JsonValue name : list.elements()) {
      names.add(name.text());
    }
  }
}
