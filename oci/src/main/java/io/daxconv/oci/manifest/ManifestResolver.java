package io.daxconv.oci.manifest;

import io.daxconv.converter.Budget;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.NoContainerImageException;
import io.daxconv.oci.manifest.ManifestDocument.ImageIndex;
import io.daxconv.oci.manifest.ManifestDocument.ImageManifest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Goes from a manifest or index to one image for one platform, checking each step. */
public final class ManifestResolver {
  private final DocumentSource documents;
  private final @Nullable Platform asked;
  private final Budgets budgets;

  /**
   * A resolver.
   *
   * @param asked the platform that was asked for, or null for this machine's, which then only
   *     chooses from an index
   * @param budgets how large documents may be, how deep indexes, how many layers
   */
  public ManifestResolver(DocumentSource documents, @Nullable Platform asked, Budgets budgets) {
    this.documents = documents;
    this.asked = asked;
    this.budgets = budgets;
  }

  /** Resolves a manifest or index that is still to be fetched. */
  public ResolvedManifest resolve(Descriptor root) throws IOException {
    return resolve(root, documents.manifest(what(root), root));
  }

  /** Resolves a manifest or index that is at hand. */
  public ResolvedManifest resolve(Descriptor root, byte[] rootBytes) throws IOException {
    Descriptor at = root;
    byte[] bytes = rootBytes;
    for (int depth = 0; ; depth++) {
      at.check(what(at), bytes);
      switch (ManifestDocument.read(what(at), bytes, at.mediaType())) {
        case ImageManifest manifest -> {
          return image(depth == 0 ? null : root.digest(), at, manifest);
        }
        case ImageIndex index -> {
          budgets.check(Budget.INDEX_DEPTH, depth + 1L, "index " + root.digest());
          Platform wanted = asked == null ? Platform.ofThisMachine() : asked;
          at = PlatformChoice.choose("index " + at.digest(), index.manifests(), wanted);
          bytes = documents.manifest(what(at), at);
        }
      }
    }
  }

  private static String what(Descriptor descriptor) {
    return (MediaTypes.isIndex(descriptor.mediaType()) ? "index " : "manifest ")
        + descriptor.digest();
  }

  private ResolvedManifest image(
      @Nullable Digest indexDigest, Descriptor found, ImageManifest manifest) throws IOException {
    Digest manifestDigest = found.digest();
    int layers = manifest.layers().size();
    budgets.check(Budget.LAYERS, layers, "manifest " + manifestDigest);
    ImageConfig config = config("manifest " + manifestDigest, manifest);
    if (config.diffIds().size() != layers) {
      throw new SourceException(
          "manifest %s: expected as many layers as its config has diff_ids (%d), found %d"
              .formatted(manifestDigest, config.diffIds().size(), layers));
    }
    for (int i = 0; i < layers; i++) {
      Descriptor layer = manifest.layers().get(i);
      String label = ResolvedManifest.label(i, layers, layer.digest());
      checkLayer(label, manifest, i);
      budgets.check(Budget.BLOB_SIZE, layer.size(), label);
    }
    if (indexDigest == null && asked != null) {
      ConfigReader.checkPlatform("image " + manifestDigest, config, asked);
    }
    return new ResolvedManifest(indexDigest, found, config, manifest.layers());
  }

  private ImageConfig config(String what, ImageManifest manifest) throws IOException {
    Descriptor descriptor = manifest.config();
    boolean image = MediaTypes.isConfig(descriptor.mediaType());
    if (!image && descriptor.size() > budgets.limit(Budget.MANIFEST_SIZE)) {
      throw noImage(what, manifest);
    }
    String name = "config " + descriptor.digest();
    byte[] bytes = documents.config(name, descriptor);
    descriptor.check(name, bytes);
    if (!image && !ConfigReader.looksLikeConfig(bytes)) {
      throw noImage(what, manifest);
    }
    return ConfigReader.read(name, descriptor.digest(), bytes);
  }

  private static NoContainerImageException noImage(String what, ImageManifest manifest) {
    String type =
        manifest.artifactType().isEmpty() ? manifest.config().mediaType() : manifest.artifactType();
    return new NoContainerImageException(
        what + ": expected a container image, found an artifact of type " + Escapes.quote(type));
  }

  private static void checkLayer(String label, ImageManifest manifest, int index)
      throws SourceException {
    String type = manifest.layers().get(index).mediaType();
    if (type.endsWith("+encrypted")) {
      throw new SourceException(label + ": it is encrypted (" + Escapes.quote(type) + ")");
    }
    if (!MediaTypes.isLayer(type)) {
      throw new SourceException(
          label + ": expected the media type of a layer, found " + Escapes.quote(type));
    }
  }
}
