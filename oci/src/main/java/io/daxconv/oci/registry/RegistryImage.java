package io.daxconv.oci.registry;

import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.IOException;
import java.util.List;

/** An image in a registry: its layers are read while they are downloaded. */
public final class RegistryImage implements SourceImage {
  private final Provenance provenance;
  private final ImageConfig config;
  private final List<Layer> layers;
  private final LayerDownloads downloads;

  private RegistryImage(String reference, ResolvedManifest manifest, LayerDownloads downloads) {
    this.provenance = manifest.provenance(reference);
    this.config = manifest.config();
    this.downloads = downloads;
    this.layers = List.copyOf(manifest.layers(layer -> downloads.source(layer.digest())));
  }

  /** Finds an image, checks its manifest and config, and begins to download its layers. */
  public static SourceImage open(RegistryReference reference, SourceOptions options)
      throws IOException {
    return open(reference, options, Timeouts.of(options.timeout()));
  }

  static SourceImage open(RegistryReference reference, SourceOptions options, Timeouts timeouts)
      throws IOException {
    BlobCache cache = BlobCache.open(options.cacheDirectory());
    HostClients clients = new HostClients(reference, options, timeouts);
    try {
      return open(reference, options, clients, cache);
    } catch (IOException | RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  private static SourceImage open(
      RegistryReference reference, SourceOptions options, HostClients clients, BlobCache cache)
      throws IOException {
    ResolvedManifest manifest =
        clients.first(
            client -> {
              RegistryDocuments documents =
                  new RegistryDocuments(reference, client, options.budgets());
              return documents
                  .root()
                  .resolve(new ManifestResolver(documents, options.platform(), options.budgets()));
            });
    LayerDownloads downloads =
        new LayerDownloads(
            clients.forBlobs(), clients, cache, options.listener(), options.maxDownloads(), true);
    downloads.start(manifest);
    return new RegistryImage(reference.toString(), manifest, downloads);
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public ImageConfig config() {
    return config;
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public void close() throws IOException {
    downloads.close();
  }
}
