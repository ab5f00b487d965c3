package io.daxconv.oci.storage;

import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.hosts.TomlFile;
import io.daxconv.oci.manifest.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where containers/storage keeps images: {@code graphroot} (containers-storage.conf(5)). */
final class StorageRoot {
  private StorageRoot() {}

  static Path find(SourceOptions options) throws SourceException {
    List<Path> files = new ArrayList<>();
    String named = options.environment().getOrDefault("CONTAINERS_STORAGE_CONF", "");
    if (!named.isEmpty()) {
      files.add(Path.of(named));
    }
    files.add(options.home().resolve(".config/containers/storage.conf"));
    Path ofUser = options.home().resolve(".local/share/containers/storage");
    for (Path file : files) {
      String root = graphRoot(file);
      if (root != null) {
        return Path.of(root);
      }
    }
    if (Files.isDirectory(ofUser)) {
      return ofUser;
    }
    String root = graphRoot(options.systemConfig().resolve("containers/storage.conf"));
    return Path.of(root == null ? "/var/lib/containers/storage" : root);
  }

  private static @org.jspecify.annotations.Nullable String graphRoot(Path file)
      throws SourceException {
    JsonValue toml = TomlFile.read(file);
    return toml == null ? null : toml.get("storage").get("graphroot").optionalText();
  }
}
