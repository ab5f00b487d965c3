package io.daxconv.oci.storage;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.layout.Labels;
import io.daxconv.oci.layout.LocalImage;
import io.daxconv.oci.manifest.ConfigReader;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.ResolvedManifest;
import io.daxconv.oci.registry.RegistryReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image in containers/storage with the overlay driver: {@code overlay-images/images.json} names
 * it and its topmost layer, {@code overlay-layers/layers.json} the layers below, {@code
 * overlay/ID/diff} has their files and {@code overlay-layers/ID.tar-split.gz} all else. Each
 * layer's tar is put together again and held to its diff_id.
 */
public final class ContainersStorage {
  private static final int MOST_JSON = 256 << 20;

  /** {@code [DRIVER@ROOT+RUNROOT]REF}, as containers-transports(5) has it. */
  private static final Pattern STORE =
      Pattern.compile("\\[(?:(\\w+)@)?([^+\\]]*)(?:\\+[^\\]]*)?\\](.*)");

  private final String label;
  private final String reference;
  private final Path root;
  private final SourceOptions options;

  private ContainersStorage(String label, String reference, Path root, SourceOptions options) {
    this.label = label;
    this.reference = reference;
    this.root = root;
    this.options = options;
  }

  /** Opens the image that the storage knows by a name or an id. */
  public static SourceImage open(String text, SourceOptions options) throws IOException {
    String label = Labels.of("containers-storage:" + text);
    Matcher store = STORE.matcher(text);
    boolean given = store.matches();
    Path root = given ? Path.of(store.group(2)) : StorageRoot.find(options);
    return new ContainersStorage(label, given ? store.group(3) : text, root, options)
        .image("containers-storage:" + text);
  }

  private SourceImage image(String source) throws IOException {
    JsonValue image = select(json("overlay-images/images.json"));
    String id = id(image.get("id"));
    ImageConfig config = config(id);
    if (options.platform() != null) {
      ConfigReader.checkPlatform(label, config, options.platform());
    }
    List<String> ids = layerIds(id(image.get("layer")), config.diffIds().size());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Digest diffId = config.diffIds().get(i);
      Path tarSplit = root.resolve("overlay-layers/" + ids.get(i) + ".tar-split.gz");
      Path diff = root.resolve("overlay/" + ids.get(i) + "/diff");
      layers.add(
          new TarLayer(
              ResolvedManifest.label(i, ids.size(), diffId),
              null,
              -1,
              diffId,
              () -> open(tarSplit, diff)));
    }
    return new LocalImage(new Provenance(source, null, null, List.of()), config, layers, () -> {});
  }

  private InputStream open(Path tarSplit, Path diff) throws IOException {
    InputStream in;
    try {
      in = Files.newInputStream(tarSplit);
    } catch (IOException e) {
      throw unreadable(tarSplit, e);
    }
    try {
      return new TarSplitStream(in, new DiffDirectory(diff));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private SourceException unreadable(Path file, IOException e) {
    return new SourceException(
        "%s: %s cannot be read: %s"
            .formatted(label, Escapes.quote(file.toString()), FailureReason.of(e)),
        e);
  }

  private JsonValue json(String name) throws IOException {
    Path file = root.resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      return JsonValue.parse(label + ": " + name, in.readNBytes(MOST_JSON));
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** By a name as it is, with the usual filled in or {@code localhost/} before; or by an id. */
  private JsonValue select(JsonValue images) throws SourceException {
    List<String> wanted = List.of(reference, full(reference), full("localhost/" + reference));
    for (String name : wanted) {
      for (JsonValue image : images.elements()) {
        for (JsonValue each : image.get("names").elements()) {
          if (each.text().equals(name)) {
            return image;
          }
        }
      }
    }
    String id = reference.startsWith("@") ? reference.substring(1) : reference;
    List<JsonValue> byId = new ArrayList<>();
    if (id.matches("[0-9a-f]{12,64}")) {
      for (JsonValue image : images.elements()) {
        if (image.get("id").text().startsWith(id)) {
          byId.add(image);
        }
      }
    }
    if (byId.size() == 1) {
      return byId.getFirst();
    }
    throw new SourceException(
        "%s: expected an image %s in %s, found %s"
            .formatted(
                label,
                Escapes.quote(reference),
                Escapes.quote(root.toString()),
                byId.isEmpty() ? "none" : byId.size() + " of this id"));
  }

  private static String full(String name) {
    try {
      return RegistryReference.parse(name).toString();
    } catch (SourceException notAReference) {
      return name;
    }
  }

  /** An id becomes part of a path. */
  private static String id(JsonValue value) throws SourceException {
    if (!value.text().matches("[0-9a-f]{64}")) {
      throw new SourceException(
          value.what() + ": " + value.path() + ": expected an id, found something else");
    }
    return value.text();
  }

  private ImageConfig config(String id) throws IOException {
    Path directory = root.resolve("overlay-images").resolve(id);
    byte[] manifest = document(directory.resolve("manifest"));
    Digest digest =
        JsonValue.parse(label + ": manifest", manifest)
            .object()
            .get("config")
            .get("digest")
            .digest();
    byte[] bytes = document(directory.resolve(fileName(digest.toString())));
    if (!Digest.sha256(bytes).equals(digest)) {
      throw new SourceException(
          "%s: config: expected digest %s, found %s"
              .formatted(label, digest, Digest.sha256(bytes)));
    }
    return ConfigReader.read(label + ": config", digest, bytes);
  }

  /** Keys that are no plain words are in Base64 (containers/storage, images.go). */
  private static String fileName(String key) {
    return "=" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] document(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Documents.read(label + ": " + file.getFileName(), options.budgets(), in::readNBytes);
    } catch (java.nio.file.FileSystemException e) {
      throw unreadable(file, e);
    }
  }

  /** From the topmost layer down, given oldest first. */
  private List<String> layerIds(String top, int count) throws IOException {
    Map<String, JsonValue> layers = new HashMap<>();
    for (JsonValue layer : json("overlay-layers/layers.json").elements()) {
      layers.put(layer.get("id").text(), layer);
    }
    List<String> ids = new ArrayList<>();
    for (String id = top; id != null && !id.isEmpty() && ids.size() <= count; ) {
      JsonValue layer = layers.get(id);
      if (layer == null) {
        throw new SourceException(
            label + ": expected a layer " + Escapes.quote(id) + ", found none");
      }
      ids.addFirst(id(layer.get("id")));
      id = layer.get("parent").optionalText();
    }
    if (ids.size() != count) {
      throw new SourceException(
          "%s: expected as many layers as the config has diff_ids (%d), found %s"
              .formatted(label, count, ids.size() > count ? "more" : ids.size()));
    }
    return ids;
  }
}
