package io.daxconv.oci.registry;

import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.blob.CacheFailure;
import io.daxconv.oci.blob.CachedBlob;
import io.daxconv.oci.blob.GrowingBlob;
import io.daxconv.oci.blob.PartialBlob;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Brings an image's layers into the cache, the newest first, a few at once, and large ones by
 * several requests when fewer are left. They can be read while they come in.
 */
final class LayerDownloads implements LayerBlobs {
  private final List<RegistryClient> clients;
  private final Closeable connections;
  private final BlobCache cache;
  private final SourceListener listener;
  private final boolean kept;
  private final DownloadSlots slots;
  private final BlobSegments.Sizes sizes;
  private final ExecutorService threads;
  private final Map<Digest, GrowingBlob> blobs = new HashMap<>();
  private final Queue<CachedBlob> open = new ConcurrentLinkedQueue<>();

  /** Whether the cache takes no more, as on a full disk: what is not whole is then in the way. */
  private volatile boolean cacheFails;

  /**
   * @param clients who is asked for a blob, one after another
   * @param connections what is closed with it
   * @param kept whether blobs stay in the cache; if not, only what was cut off does
   */
  LayerDownloads(
      List<RegistryClient> clients,
      Closeable connections,
      BlobCache cache,
      SourceListener listener,
      int atOnce,
      boolean kept) {
    this(clients, connections, cache, listener, atOnce, kept, BlobSegments.Sizes.USUAL);
  }

  LayerDownloads(
      List<RegistryClient> clients,
      Closeable connections,
      BlobCache cache,
      SourceListener listener,
      int atOnce,
      boolean kept,
      BlobSegments.Sizes sizes) {
    this.slots = new DownloadSlots(atOnce);
    this.sizes = sizes;
    this.kept = kept;
    this.clients = clients;
    this.connections = connections;
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
      start(manifest.label(i), layers.get(i));
    }
  }

  /** Begins with one blob. */
  void start(String label, Descriptor blob) {
    blobs.computeIfAbsent(blob.digest(), digest -> begin(label, blob));
  }

  private GrowingBlob begin(String label, Descriptor layer) {
    GrowingBlob blob = new GrowingBlob();
    slots.announce();
    threads.execute(
        () -> {
          try {
            fetchInTurn(label, layer, blob);
          } catch (IOException e) {
            // Before anybody hears of it, and has the other downloads broken off.
            cacheFails = cacheFails || CacheFailure.isBehind(e);
            blob.fail(e);
          } catch (RuntimeException | Error e) {
            blob.fail(new IOException(e));
            throw e;
          }
        });
    return blob;
  }

  /** A blob as it comes in; whoever reaches its end has read what its digest says. */
  @Override
  public BlobSource source(Digest digest) {
    return new BlobSource() {
      @Override
      public InputStream open() {
        GrowingBlob blob = blobs.get(digest);
        if (blob == null) {
          throw new IllegalArgumentException("no layer of this image: " + digest);
        }
        return blob.open();
      }

      @Override
      public boolean checksDigest() {
        return true;
      }
    };
  }

  private void fetchInTurn(String label, Descriptor layer, GrowingBlob blob) throws IOException {
    slots.take();
    try {
      fetch(label, layer, blob);
    } finally {
      slots.giveBack();
    }
  }

  private void fetch(String label, Descriptor layer, GrowingBlob blob) throws IOException {
    Digest digest = layer.digest();
    listener.blobStarted(label, digest, layer.size());
    CachedBlob found =
        cache.find(digest, layer.size(), bytes -> listener.blobProgress(digest, bytes));
    boolean cached = found != null;
    if (found == null) {
      try (PartialBlob partial = cache.write(digest, layer.size())) {
        found = download(label, layer, partial, blob);
      }
      if (!kept) {
        cache.remove(digest);
      }
    }
    open.add(found);
    listener.blobFinished(digest, layer.size(), cached);
    blob.complete(found);
  }

  private CachedBlob download(String label, Descriptor layer, PartialBlob partial, GrowingBlob blob)
      throws IOException {
    try {
      return new BlobDownload(label, layer, clients, partial, blob, listener, slots, sizes).run();
    } catch (IOException e) {
      if (cacheFails) {
        partial.abandon();
      }
      throw e;
    }
  }

  /** Breaks off what is under way and closes what is here. */
  @Override
  public void close() throws IOException {
    blobs.forEach(
        (digest, blob) ->
            blob.fail(new SourceException("blob " + digest + ": the image was closed")));
    threads.shutdownNow();
    connections.close();
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
