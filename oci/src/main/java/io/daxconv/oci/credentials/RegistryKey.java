package io.daxconv.oci.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The keys under which credentials for an image may be kept. Docker keys by registry, and Docker
 * Hub by a URL; podman also by {@code registry/namespace} and {@code registry/namespace/repository}
 * (containers-auth.json(5)), of which the longest that fits counts.
 */
final class RegistryKey {
  /** Under which Docker keeps what is for Docker Hub. */
  static final String DOCKER_HUB_URL = "https://index.docker.io/v1/";

  private static final Set<String> DOCKER_HUB =
      Set.of("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  private RegistryKey() {}

  /** The keys that fit an image, the most specific first. */
  static List<String> candidates(String registry, String repository) {
    List<String> keys = new ArrayList<>();
    String key = registry + "/" + repository;
    while (key.length() > registry.length()) {
      keys.add(key);
      key = key.substring(0, key.lastIndexOf('/'));
    }
    keys.add(registry);
    return keys;
  }

  /** A key in the form in which {@link #candidates} has it: no scheme, no API version. */
  static String normalised(String key) {
    int scheme = key.indexOf("://");
    String rest = scheme < 0 ? key : key.substring(scheme + 3);
    while (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    boolean api = scheme >= 0 || path.equals("/v1") || path.equals("/v2");
    return (DOCKER_HUB.contains(host) ? "docker.io" : host) + (api ? "" : path);
  }

  /** What a credential helper is asked for, one after the other. */
  static List<String> serverNames(String registry) {
    return registry.equals("docker.io")
        ? List.of(DOCKER_HUB_URL, "docker.io")
        : List.of(registry, "https://" + registry);
  }
}
