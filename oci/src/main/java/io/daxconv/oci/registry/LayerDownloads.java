package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.blob.CachedBlob;
import io.daxconv.oci.blob.PartialBlob;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Brings an image's layers into the cache, the newest first, a few at once. */
final class LayerDownloads implements Closeable {
  private static final int BUFFER = 1 << 17;

  private final RegistryClient client;
  private final BlobCache cache;
  private final SourceListener listener;
  private final ExecutorService threads;
  private final Map<Digest, Future<CachedBlob>> blobs = new HashMap<>();
  private final Queue<CachedBlob> open = new ConcurrentLinkedQueue<>();

  LayerDownloads(RegistryClient client, BlobCache cache, SourceListener listener, int atOnce) {
    this.client = client;
    this.cache = cache;
    this.listener = listener;
    this.threads =
        Executors.newFixedThreadPool(
            atOnce, Thread.ofVirtual().name("daxconv download ", 0).factory());
  }

  /** Begins with all layers; a blob that is two layers is fetched once. */
  void start(ResolvedManifest manifest) {
    List<Descriptor> layers = manifest.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      Descriptor layer = layers.get(i);
      String label = manifest.label(i);
      blobs.computeIfAbsent(layer.digest(), digest -> threads.submit(() -> fetch(label, layer)));
    }
  }

  /** A stream from a blob's start, as soon as the blob is here and checked. */
  InputStream open(Digest digest) throws IOException {
    Future<CachedBlob> blob = blobs.get(digest);
    if (blob == null) {
      throw new IllegalArgumentException("no layer of this image: " + digest);
    }
    try {
      return blob.get().open();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (CancellationException e) {
      throw new SourceException("blob " + digest + ": the image was closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private CachedBlob fetch(String label, Descriptor layer) throws IOException {
    listener.blobStarted(label, layer.digest(), layer.size());
    CachedBlob blob =
        cache.find(
            layer.digest(), layer.size(), bytes -> listener.blobProgress(layer.digest(), bytes));
    boolean cached = blob != null;
    if (blob == null) {
      blob = download(label, layer);
    }
    open.add(blob);
    listener.blobFinished(layer.digest(), layer.size(), cached);
    return blob;
  }

  private CachedBlob download(String label, Descriptor layer) throws IOException {
    try {
      return client.get(
          label, "blobs/" + layer.digest(), "*/*", reply -> store(label, layer, reply));
    } catch (RegistryException e) {
      if (e.status() == 404 && layer.foreign()) {
        throw new RegistryException(
            e.getMessage()
                + ": it is to be fetched from elsewhere (a foreign layer), which is not done",
            404,
            e.code(),
            false,
            e);
      }
      throw e;
    }
  }

  private CachedBlob store(String label, Descriptor layer, Reply reply) throws IOException {
    try (PartialBlob partial = cache.write(layer.digest(), layer.size())) {
      byte[] buffer = new byte[BUFFER];
      for (int read; (read = reply.body().read(buffer)) >= 0; ) {
        partial.write(buffer, read);
        listener.blobProgress(layer.digest(), partial.written());
      }
      if (partial.written() < layer.size()) {
        throw new RegistryException(
            "%s: expected %d bytes, the answer ended after %d: %s"
                .formatted(label, layer.size(), partial.written(), Urls.redacted(reply.uri())),
            200,
            null,
            true,
            null);
      }
      return partial.commit();
    } catch (SourceException e) {
      throw new SourceException(
          "%s, %s: %s".formatted(label, Urls.redacted(reply.uri()), e.getMessage()), e);
    }
  }

  /** Breaks off what is under way and closes what is here. */
  @Override
  public void close() throws IOException {
    blobs.values().forEach(blob -> blob.cancel(true));
    client.close();
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (CachedBlob blob = open.poll(); blob != null; blob = open.poll()) {
      blob.close();
    }
  }
}
