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
import org.jspecify.annotations.Nullable;

/** An image in a registry: its layers are read while they are downloaded. */
public final class RegistryImage implements SourceImage {
  private final Provenance provenance;
  private final ImageConfig config;
  private final List<Layer> layers;
  private final LayerBlobs blobs;

  private RegistryImage(String reference, ResolvedManifest manifest, LayerBlobs blobs) {
    this.provenance = manifest.provenance(reference);
    this.config = manifest.config();
    this.blobs = blobs;
    this.layers = List.copyOf(manifest.layers(layer -> blobs.source(layer.digest())));
  }

  /**
   * Finds an image, checks its manifest and config, and begins to download its layers if they are
   * to be kept.
   */
  public static SourceImage open(RegistryReference reference, SourceOptions options)
      throws IOException {
    return open(reference, options, Timeouts.of(options.timeout()));
  }

  static SourceImage open(RegistryReference reference, SourceOptions options, Timeouts timeouts)
      throws IOException {
    BlobCache cache = options.keepBlobs() ? BlobCache.open(options.cacheDirectory()) : null;
    HostClients clients = new HostClients(reference, options, timeouts);
    try {
      return open(reference, options, clients, cache);
    } catch (IOException | RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  private static SourceImage open(
      RegistryReference reference,
      SourceOptions options,
      HostClients clients,
      @Nullable BlobCache cache)
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
    return new RegistryImage(
        reference.toString(), manifest, blobs(manifest, options, clients, cache));
  }

  private static LayerBlobs blobs(
      ResolvedManifest manifest,
      SourceOptions options,
      HostClients clients,
      @Nullable BlobCache cache)
      throws IOException {
    if (cache == null) {
      return new LayerStreams(manifest, clients.forBlobs(), clients, options.listener());
    }
    LayerDownloads downloads =
        new LayerDownloads(
            clients.forBlobs(), clients, cache, options.listener(), options.maxDownloads(), true);
    downloads.start(manifest);
    return downloads;
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
    blobs.close();
  }
}
