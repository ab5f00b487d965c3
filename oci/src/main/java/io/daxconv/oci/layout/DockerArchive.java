package io.daxconv.oci.layout;

import io.daxconv.converter.Budget;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.ConfigReader;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} and {@code skopeo copy … docker-archive:} write: a tar with a {@code
 * manifest.json} that lists images by the paths of config and layers. It has no manifest with a
 * digest; the layers are held to the config's diff_ids, and the config to the digest in its name.
 */
public final class DockerArchive {
  /**
   * The names that say a digest: {@code <hex>.json} of old, {@code blobs/sha256/<hex>} since 25.
   */
  private static final Pattern CONFIG_NAME =
      Pattern.compile("(?:blobs/sha256/)?([0-9a-f]{64})(?:\\.json)?");

  private static final Pattern BLOB_NAME = Pattern.compile("blobs/sha256/([0-9a-f]{64})");

  private final String label;
  private final TarArchive archive;
  private final Closeable with;
  private final Budgets budgets;

  private DockerArchive(String label, TarArchive archive, Closeable with, Budgets budgets) {
    this.with = with;
    this.label = label;
    this.archive = archive;
    this.budgets = budgets;
  }

  /** Opens an image of the archive; {@code asked} is null if no platform was asked for. */
  public static SourceImage open(
      Path file, @Nullable String reference, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    String name = "docker-archive:" + file;
    return open(name, file, reference, () -> {}, asked, budgets);
  }

  /**
   * Opens the only image of an archive that is called by another name.
   *
   * @param with what is closed with the image
   */
  public static SourceImage open(
      String name, Path file, Closeable with, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    return open(name, file, null, with, asked, budgets);
  }

  private static SourceImage open(
      String name,
      Path file,
      @Nullable String reference,
      Closeable with,
      @Nullable Platform asked,
      Budgets budgets)
      throws IOException {
    String label = Labels.of(name);
    TarArchive archive = TarArchive.open(label, file);
    try {
      return new DockerArchive(label, archive, with, budgets)
          .image(reference == null ? name : name + ":" + reference, reference, asked);
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private SourceImage image(String source, @Nullable String reference, @Nullable Platform asked)
      throws IOException {
    JsonValue manifest = JsonValue.parse(label + ": manifest.json", document("manifest.json"));
    DockerArchiveEntry entry = DockerArchiveEntry.select(label, manifest, reference);
    ImageConfig config = config(entry.config());
    if (asked != null) {
      ConfigReader.checkPlatform(label, config, asked);
    }
    List<Layer> layers = layers(entry, config);
    List<Digest> digests =
        layers.stream()
            .map(layer -> ((TarLayer) layer).digest())
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList();
    Provenance provenance =
        new Provenance(source, null, null, digests.size() == layers.size() ? digests : List.of());
    return new LocalImage(provenance, config, layers, this::close);
  }

  private void close() throws IOException {
    try (with) {
      archive.close();
    }
  }

  private ImageConfig config(String path) throws IOException {
    byte[] bytes = document(path);
    Digest digest = Digest.sha256(bytes);
    Matcher name = CONFIG_NAME.matcher(path);
    if (name.matches() && !digest.hex().equals(name.group(1))) {
      throw new SourceException(
          "%s: config: expected digest sha256:%s, found %s"
              .formatted(label, name.group(1), digest));
    }
    return ConfigReader.read(label + ": config", digest, bytes);
  }

  private List<Layer> layers(DockerArchiveEntry entry, ImageConfig config) throws IOException {
    int count = entry.layers().size();
    budgets.check(Budget.LAYERS, count, label);
    if (config.diffIds().size() != count) {
      throw new SourceException(
          "%s: expected as many layers as the config has diff_ids (%d), found %d"
              .formatted(label, config.diffIds().size(), count));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = entry.layers().get(i);
      Digest diffId = config.diffIds().get(i);
      Matcher blob = BLOB_NAME.matcher(path);
      Digest digest = blob.matches() ? new Digest(Digest.Algorithm.SHA256, blob.group(1)) : null;
      layers.add(
          new TarLayer(
              ResolvedManifest.label(i, count, digest == null ? diffId : digest),
              digest,
              archive.size(path),
              diffId,
              () -> archive.open(path)));
    }
    return layers;
  }

  private byte[] document(String path) throws IOException {
    return Documents.read(
        label + ": " + Escapes.quote(path), budgets, most -> archive.read(path, most));
  }
}
