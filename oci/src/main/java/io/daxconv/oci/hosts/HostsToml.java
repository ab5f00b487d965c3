package io.daxconv.oci.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.hosts.RegistryHost.ClientCertificate;
import io.daxconv.oci.hosts.RegistryHost.Scheme;
import io.daxconv.oci.hosts.RegistryHost.TlsSettings;
import io.daxconv.oci.manifest.JsonValue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * containerd's {@code hosts.toml} (containerd, docs/hosts.md): the hosts of one registry, each with
 * what it can do and how it is spoken to.
 */
final class HostsToml {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");

  /** What a host may be trusted to do, by its name in the file. */
  enum Capability {
    PULL,
    RESOLVE,
    PUSH;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String registry;
  private final String repository;
  private final Path directory;

  private HostsToml(String registry, String repository, Path directory) {
    this.registry = registry;
    this.repository = repository;
    this.directory = directory;
  }

  /**
   * The hosts for a repository, in the file's order and the server last; null if there is no file.
   *
   * @param hosts the directory with one for each registry
   * @param wanted what they must be able to do
   * @throws SourceException if none of them is, or the file cannot be understood
   */
  static @Nullable List<RegistryHost> read(
      Path hosts, String registry, String repository, Capability wanted) throws SourceException {
    for (String name : names(registry)) {
      Path directory = hosts.resolve(name);
      JsonValue file = TomlFile.read(directory.resolve("hosts.toml"));
      if (file != null) {
        return new HostsToml(registry, repository, directory).hosts(file, wanted);
      }
    }
    return null;
  }

  /** The names that the registry's directory may have. */
  private static List<String> names(String registry) {
    int colon = registry.lastIndexOf(':');
    List<String> names = new ArrayList<>();
    if (colon > registry.lastIndexOf(']')) {
      names.add(registry.substring(0, colon) + "_" + registry.substring(colon + 1) + "_");
    }
    names.add(registry);
    names.add("_default");
    return names;
  }

  private List<RegistryHost> hosts(JsonValue file, Capability wanted) throws SourceException {
    List<RegistryHost> hosts = new ArrayList<>();
    JsonValue tables = file.get("host");
    for (Iterator<String> names = tables.node().fieldNames(); names.hasNext(); ) {
      String name = names.next();
      add(hosts, name, tables.member(name), wanted);
    }
    String server = file.get("server").optionalText();
    add(hosts, server, file, wanted);
    if (hosts.isEmpty()) {
      throw new SourceException(
          "%s: expected a host that can %s, found none".formatted(file.what(), wanted.word()));
    }
    return hosts;
  }

  /**
   * Adds a host that can do what is wanted.
   *
   * @param name null for the registry itself, as its name says
   */
  private void add(
      List<RegistryHost> hosts, @Nullable String name, JsonValue table, Capability wanted)
      throws SourceException {
    List<String> capabilities =
        texts(table.get("capabilities")).stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
    boolean all = capabilities.isEmpty();
    if (!all && !capabilities.contains(wanted.word())) {
      return;
    }
    URI uri = uri(table, name == null ? registry : name);
    hosts.add(
        new RegistryHost(
            uri.getRawAuthority(),
            name == null ? Scheme.USUAL : scheme(uri),
            apiPath(uri, TomlFile.flag(table.get("override_path"))),
            repository,
            // Who is pushed to is asked what its own tags are.
            all || wanted == Capability.PUSH || capabilities.contains(Capability.RESOLVE.word()),
            isRegistry(uri.getRawAuthority()) ? null : registry,
            headers(table.get("header")),
            new TlsSettings(
                texts(table.get("ca")).stream().map(directory::resolve).toList(),
                clients(table.get("client")),
                TomlFile.flag(table.get("skip_verify"))),
            timeout(table.get("dial_timeout")),
            proxy(table.get("proxy"))));
  }

  private static Scheme scheme(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) ? Scheme.HTTP : Scheme.HTTPS;
  }

  /** The URL's path, and {@code /v2} behind it unless it ends so or is to be taken as it is. */
  private static String apiPath(URI uri, boolean override) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    return override || path.endsWith("/v2") ? path : path + "/v2";
  }

  /** Whether this is the registry that images are named by; Docker Hub's is on another host. */
  private boolean isRegistry(String authority) {
    return authority.equalsIgnoreCase(registry)
        || (registry.equals("docker.io") && authority.equalsIgnoreCase("registry-1.docker.io"));
  }

  private static URI uri(JsonValue table, String name) throws SourceException {
    try {
      URI uri = URI.create(name.contains("://") ? name : "https://" + name);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw notAHost(table, name);
    }
    throw notAHost(table, name);
  }

  private static SourceException notAHost(JsonValue table, String name) {
    return new SourceException(
        "%s: expected the URL of a host, found %s".formatted(table.what(), Escapes.quote(name)));
  }

  /** One string, or an array of them. */
  private static List<String> texts(JsonValue value) throws SourceException {
    if (value.node().isTextual()) {
      return List.of(value.text());
    }
    List<String> texts = new ArrayList<>();
    for (JsonValue element : value.elements()) {
      texts.add(element.text());
    }
    return texts;
  }

  /** A path, an array of paths, or of pairs of them; the key may be in the certificate's file. */
  private List<ClientCertificate> clients(JsonValue value) throws SourceException {
    List<ClientCertificate> clients = new ArrayList<>();
    if (value.node().isTextual()) {
      clients.add(client(value.text(), ""));
      return clients;
    }
    for (JsonValue element : value.elements()) {
      if (element.node().isTextual()) {
        clients.add(client(element.text(), ""));
      } else {
        List<String> pair = texts(element);
        if (pair.isEmpty() || pair.size() > 2) {
          throw new SourceException(
              "%s: %s: expected a certificate and a key, found %d names"
                  .formatted(element.what(), element.path(), pair.size()));
        }
        clients.add(client(pair.getFirst(), pair.size() < 2 ? "" : pair.getLast()));
      }
    }
    return clients;
  }

  private ClientCertificate client(String certificate, String key) {
    return new ClientCertificate(
        directory.resolve(certificate), directory.resolve(key.isEmpty() ? certificate : key));
  }

  private static Map<String, String> headers(JsonValue table) throws SourceException {
    Map<String, String> headers = new HashMap<>();
    JsonNode node = table.node();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      headers.put(name, String.join(", ", texts(table.member(name))));
    }
    return headers;
  }

  /** What it is is not shown where it cannot be used: it may have a password. */
  private static @Nullable URI proxy(JsonValue value) throws SourceException {
    String text = value.optionalText();
    if (text == null || text.isEmpty()) {
      return null;
    }
    URI proxy = EnvironmentProxies.usable(text);
    if (proxy == null) {
      throw new SourceException(
          "%s: %s: expected a proxy as http://HOST[:PORT], found %s"
              .formatted(
                  value.what(),
                  value.path(),
                  text.startsWith("socks")
                      ? "a SOCKS proxy, which is not supported"
                      : "another value"));
    }
    return proxy;
  }

  private static @Nullable Duration timeout(JsonValue value) throws SourceException {
    String text = value.optionalText();
    if (text == null) {
      return null;
    }
    Matcher duration = DURATION.matcher(text);
    if (!duration.matches()) {
      throw new SourceException(
          "%s: %s: expected a time such as 10s, found %s"
              .formatted(value.what(), value.path(), Escapes.quote(text)));
    }
    long number = Long.parseLong(duration.group(1));
    return switch (duration.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }
}
