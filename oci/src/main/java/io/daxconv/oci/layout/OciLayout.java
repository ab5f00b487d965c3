package io.daxconv.oci.layout;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.DocumentSource;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.IndexFile;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An OCI layout (image-spec image-layout.md), in a directory or in a tar archive of one. */
public final class OciLayout implements DocumentSource {
  private final String label;
  private final ImageFiles files;
  private final Budgets budgets;

  private OciLayout(String label, ImageFiles files, Budgets budgets) {
    this.label = label;
    this.files = files;
    this.budgets = budgets;
  }

  /** Opens an image of the layout in a directory; {@code asked} is null if no platform was. */
  public static SourceImage openDirectory(
      Path directory, @Nullable String tag, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    String label = "oci:" + directory;
    return open(label, new DirectoryFiles(directory), tag, asked, budgets);
  }

  /** Opens an image of the layout in an archive, likewise. */
  public static SourceImage openArchive(
      Path file, @Nullable String tag, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    String label = "oci-archive:" + file;
    return open(label, TarArchive.open(Labels.of(label), file), tag, asked, budgets);
  }

  private static SourceImage open(
      String name,
      ImageFiles files,
      @Nullable String tag,
      @Nullable Platform asked,
      Budgets budgets)
      throws IOException {
    try {
      OciLayout layout = new OciLayout(Labels.of(name), files, budgets);
      return layout.image(tag == null ? name : name + ":" + tag, tag, asked);
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private SourceImage image(String reference, @Nullable String tag, @Nullable Platform asked)
      throws IOException {
    checkVersion();
    IndexFile index = IndexFile.read(label + ": index.json", document("index.json"));
    Platform wanted = asked == null ? Platform.ofThisMachine() : asked;
    ResolvedManifest manifest =
        new ManifestResolver(this, asked, budgets).resolve(index.select(label, tag, wanted));
    return new LocalImage(
        manifest.provenance(reference),
        manifest.config(),
        manifest.layers(layer -> () -> files.open(blob(layer.digest()))),
        files);
  }

  private void checkVersion() throws IOException {
    if (!files.has("oci-layout")) {
      throw new SourceException(
          label + ": not an OCI layout: expected a file oci-layout, found none");
    }
    String version =
        JsonValue.parse(label + ": oci-layout", document("oci-layout"))
            .object()
            .get("imageLayoutVersion")
            .text();
    if (!version.startsWith("1.")) {
      throw new SourceException(
          label + ": expected layout version 1.0.0, found " + Escapes.quote(version));
    }
  }

  private byte[] document(String name) throws IOException {
    return Documents.read(label + ": " + name, budgets, most -> files.read(name, most));
  }

  @Override
  public byte[] manifest(String what, Descriptor descriptor) throws IOException {
    return files.read(blob(descriptor.digest()), descriptor.readLimit(what, budgets));
  }

  @Override
  public byte[] config(String what, Descriptor descriptor) throws IOException {
    return manifest(what, descriptor);
  }

  private static String blob(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }
}
