package io.daxconv.oci.registry;

import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.credentials.RegistryCredentials;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/** An image in a registry: its layers are downloaded while others are read. */
public final class RegistryImage implements SourceImage {
  private final Provenance provenance;
  private final ImageConfig config;
  private final List<Layer> layers;
  private final LayerDownloads downloads;

  private RegistryImage(String reference, ResolvedManifest manifest, LayerDownloads downloads) {
    this.provenance = manifest.provenance(reference);
    this.config = manifest.config();
    this.downloads = downloads;
    this.layers = List.copyOf(manifest.layers(layer -> () -> downloads.open(layer.digest())));
  }

  /** Finds an image, checks its manifest and config, and begins to download its layers. */
  public static SourceImage open(RegistryReference reference, SourceOptions options)
      throws IOException {
    return open(reference, options, Timeouts.DEFAULT, Duration.ofMillis(400));
  }

  static SourceImage open(
      RegistryReference reference, SourceOptions options, Timeouts timeouts, Duration pause)
      throws IOException {
    RegistryCredentials credentials = RegistryCredentials.load(options);
    SSLContext tls = TrustedCertificates.context(options.caFile());
    BlobCache cache = BlobCache.open(options.cacheDirectory());
    Endpoint endpoint = Endpoint.of(reference.apiHost(), options.plainHttp(), tls);
    Transport transport = new JdkTransport(tls, timeouts);
    RegistryAuth auth =
        new RegistryAuth(reference, credentials, new TokenServer(transport, endpoint));
    Backoff backoff =
        new Backoff(pause, RandomGenerator.getDefault(), options.listener()::retrying);
    RegistryClient client = new RegistryClient(reference, endpoint, transport, auth, backoff);
    try {
      return open(reference, options, client, cache);
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static SourceImage open(
      RegistryReference reference, SourceOptions options, RegistryClient client, BlobCache cache)
      throws IOException {
    RegistryDocuments documents = new RegistryDocuments(reference, client, options.budgets());
    ResolvedManifest manifest =
        documents
            .root()
            .resolve(new ManifestResolver(documents, options.platform(), options.budgets()));
    LayerDownloads downloads =
        new LayerDownloads(client, cache, options.listener(), options.maxDownloads());
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
