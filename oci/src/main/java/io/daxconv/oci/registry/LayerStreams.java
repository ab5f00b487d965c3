package io.daxconv.oci.registry;

import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image's layers straight from the registry, kept nowhere: each is asked for when it is read, as
 * fast as it is read. Whoever reads them twice fetches them twice.
 */
final class LayerStreams implements LayerBlobs {
  private final List<RegistryClient> clients;
  private final Closeable connections;
  private final SourceListener listener;
  private final Map<Digest, BlobSource> blobs = new HashMap<>();

  /**
   * @param clients who is asked for a blob, one after another
   * @param connections what is closed with it
   */
  LayerStreams(
      ResolvedManifest manifest,
      List<RegistryClient> clients,
      Closeable connections,
      SourceListener listener) {
    this.clients = clients;
    this.connections = connections;
    this.listener = listener;
    for (int i = 0; i < manifest.layers().size(); i++) {
      Descriptor layer = manifest.layers().get(i);
      blobs.putIfAbsent(layer.digest(), source(manifest.label(i), layer));
    }
  }

  private BlobSource source(String label, Descriptor layer) {
    return () -> {
      listener.blobStarted(label, layer.digest(), layer.size());
      return new BlobStream(new BlobAnswers(label, layer), layer, clients, listener);
    };
  }

  @Override
  public BlobSource source(Digest digest) {
    BlobSource blob = blobs.get(digest);
    if (blob == null) {
      throw new IllegalArgumentException("no layer of this image: " + digest);
    }
    return blob;
  }

  /** Breaks off what is under way. */
  @Override
  public void close() throws IOException {
    connections.close();
  }
}
