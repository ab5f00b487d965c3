package io.daxconv.oci.hosts;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code [[registry]]} tables of containers' {@code registries.conf}, version 2, and of its
 * drop-in directories (containers-registries.conf(5), containers-registries.conf.d(5)). Short names
 * are not resolved by it: a name without a registry is Docker Hub's.
 */
final class RegistriesConf {
  private final Map<String, JsonValue> registries = new LinkedHashMap<>();

  /**
   * Reads the files; of two tables with one prefix the later counts.
   *
   * @param main null for none
   */
  static RegistriesConf read(@Nullable Path main, List<Path> dropIns) throws SourceException {
    RegistriesConf conf = new RegistriesConf();
    if (main != null) {
      conf.add(TomlFile.read(main));
    }
    for (Path directory : dropIns) {
      for (Path file : files(directory)) {
        conf.add(TomlFile.read(file));
      }
    }
    return conf;
  }

  private static Iterable<Path> files(Path directory) {
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.conf")) {
      found.forEach(files::add);
    } catch (IOException | DirectoryIteratorException absent) {
      // Most machines have only some of these directories.
      return files;
    }
    return files;
  }

  private void add(@Nullable JsonValue file) throws SourceException {
    if (file == null) {
      return;
    }
    for (JsonValue registry : file.get("registry").elements()) {
      String prefix = registry.object().get("prefix").optionalText();
      if (prefix == null || prefix.isEmpty()) {
        prefix = registry.get("location").text();
      }
      registries.put(prefix, registry);
    }
  }

  /**
   * The hosts of an image, mirrors first; null if no table is about it.
   *
   * @param name such as {@code docker.io/library/debian}, without tag and digest
   * @param suffix these two, as they stand behind the name; may be empty
   * @param byDigest whether the image is asked for by digest
   * @throws SourceException if the image is blocked, or the table cannot be understood
   */
  @Nullable List<RegistryHost> hosts(String name, String suffix, boolean byDigest)
      throws SourceException {
    Table table = table(name, suffix);
    if (table == null) {
      return null;
    }
    String prefix = table.prefix();
    JsonValue registry = table.registry();
    List<RegistryHost> hosts = new ArrayList<>();
    boolean digestOnly = TomlFile.flag(registry.get("mirror-by-digest-only"));
    for (JsonValue mirror : registry.get("mirror").elements()) {
      String pull = mirror.get("pull-from-mirror").optionalText();
      boolean fits =
          switch (pull == null ? "" : pull) {
            case "digest-only" -> byDigest;
            case "tag-only" -> !byDigest;
            default -> byDigest || !digestOnly;
          };
      if (fits) {
        hosts.add(host(mirror, prefix, name));
      }
    }
    hosts.add(host(registry, prefix, name));
    return hosts;
  }

  /**
   * The registry that an image's name says, where mirrors and {@code location} do not count: they
   * are for reading a single image; null if no table is about it.
   *
   * @throws SourceException if the image is blocked, or the table cannot be understood
   */
  @Nullable RegistryHost unredirected(String name, String suffix) throws SourceException {
    Table table = table(name, suffix);
    return table == null ? null : host(table.registry(), name);
  }

  /** The table about an image, and the prefix by which it is. */
  private record Table(String prefix, JsonValue registry) {}

  private @Nullable Table table(String name, String suffix) throws SourceException {
    String prefix =
        registries.keySet().stream()
            .filter(each -> matches(each, name, suffix))
            .max(Comparator.comparingInt(String::length))
            .orElse(null);
    JsonValue registry = prefix == null ? null : registries.get(prefix);
    if (prefix == null || registry == null) {
      return null;
    }
    if (TomlFile.flag(registry.get("blocked"))) {
      throw new SourceException(
          "%s: registry %s is blocked".formatted(registry.what(), Escapes.quote(prefix)));
    }
    return new Table(prefix, registry);
  }

  /** A prefix ends where a part of the name does. */
  private static boolean matches(String prefix, String name, String suffix) {
    if (prefix.startsWith("*.")) {
      String host = name.substring(0, name.indexOf('/'));
      return host.endsWith(prefix.substring(1));
    }
    String full = name + suffix;
    return full.startsWith(prefix)
        && (full.length() == prefix.length() || "/:@".indexOf(full.charAt(prefix.length())) >= 0);
  }

  private static RegistryHost host(JsonValue table, String prefix, String name)
      throws SourceException {
    String location = table.get("location").optionalText();
    String there = name;
    if (location != null && !location.isEmpty()) {
      int replaced =
          prefix.startsWith("*.") ? name.indexOf('/') : Math.min(prefix.length(), name.length());
      there = location + name.substring(replaced);
    }
    int slash = there.indexOf('/');
    if (slash <= 0 || slash == there.length() - 1) {
      throw new SourceException(
          "%s: %s.location: expected a host and what makes a repository, found %s"
              .formatted(table.what(), table.path(), Escapes.quote(String.valueOf(location))));
    }
    return host(table, there);
  }

  /**
   * A registry that a table is about.
   *
   * @param there its host, and behind a slash the repository
   */
  private static RegistryHost host(JsonValue table, String there) throws SourceException {
    int slash = there.indexOf('/');
    boolean insecure = TomlFile.flag(table.get("insecure"));
    return new RegistryHost(
        there.substring(0, slash),
        insecure ? RegistryHost.Scheme.EITHER : RegistryHost.Scheme.USUAL,
        "/v2",
        there.substring(slash + 1),
        true,
        null,
        Map.of(),
        new RegistryHost.TlsSettings(List.of(), List.of(), insecure),
        null,
        null);
  }
}
