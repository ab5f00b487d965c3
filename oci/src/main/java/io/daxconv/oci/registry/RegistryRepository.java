package io.daxconv.oci.registry;

import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.blob.FileSlice;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, to read and to write: manifests, blobs, referrers. Nothing is
 * downloaded before it is asked for.
 */
public final class RegistryRepository implements Closeable {
  private final RegistryReference reference;
  private final SourceOptions options;
  private final HostClients hosts;

  private RegistryRepository(
      RegistryReference reference, SourceOptions options, HostClients hosts) {
    this.reference = reference;
    this.options = options;
    this.hosts = hosts;
  }

  /** Prepares to push, and to read what must agree with that: one host is spoken with. */
  public static RegistryRepository open(RegistryReference reference, SourceOptions options)
      throws IOException {
    return new RegistryRepository(
        reference, options, HostClients.toPush(reference, options, Timeouts.of(options.timeout())));
  }

  /** Prepares to ask for names of repositories and tags: of one host, which has them all. */
  public static RegistryRepository openToList(RegistryReference reference, SourceOptions options)
      throws IOException {
    return new RegistryRepository(
        reference, options, HostClients.toList(reference, options, Timeouts.of(options.timeout())));
  }

  /** Prepares to read, from mirrors where there are any. */
  public static RegistryRepository openToRead(RegistryReference reference, SourceOptions options)
      throws IOException {
    return new RegistryRepository(
        reference, options, new HostClients(reference, options, Timeouts.of(options.timeout())));
  }

  /** What it was opened for. */
  public RegistryReference reference() {
    return reference;
  }

  /**
   * A manifest or index as the registry has it.
   *
   * @param descriptor its type, digest and size
   * @param bytes its bytes, checked against the digest where one was asked for
   * @param etag what a change of it can be made to depend on (RFC 9110, 8.8.3); empty if not given
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Document(Descriptor descriptor, byte[] bytes, String etag) {}

  /**
   * A manifest or index.
   *
   * @param selector a tag or a digest
   * @return null if the registry has none of this name
   */
  public @Nullable Document manifest(String selector) throws IOException {
    return hosts.any(
        selector.contains(":"), client -> document(client, "manifests/" + selector, selector));
  }

  /**
   * What the registry itself lists as referring to a manifest (distribution-spec, "Listing
   * Referrers"), from all pages of the list.
   *
   * @param artifactType the only type that is asked for; the registry may list others too
   * @return its descriptors of this type; null if there is no such list, or none of them is in it
   */
  public @Nullable List<JsonValue> referrers(Digest subject, String artifactType)
      throws IOException {
    return hosts.any(true, client -> referrers(client, subject, artifactType));
  }

  private @Nullable List<JsonValue> referrers(
      RegistryClient client, Digest subject, String artifactType) throws IOException {
    String query = "?artifactType=" + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
    URI first = client.uri("referrers/" + subject + query);
    List<JsonValue> found = new ArrayList<>();
    try {
      for (JsonValue page :
          new ListPages("referrers of " + subject, client, options.budgets()).from(first)) {
        for (JsonValue entry : page.get("manifests").elements()) {
          if (artifactType.equals(entry.object().get("artifactType").optionalText())) {
            found.add(entry);
          }
        }
      }
    } catch (RegistryException e) {
      if (e.status() == 400 || e.status() == 404 || e.status() == 405) {
        return null;
      }
      throw e;
    }
    return found.isEmpty() ? null : found;
  }

  private @Nullable Document document(RegistryClient client, String path, String selector)
      throws IOException {
    String what = reference.registry() + "/" + reference.repository() + ", " + path;
    Digest expected = selector.contains(":") ? Digest.parse(selector) : null;
    try {
      return client.get(
          what,
          path,
          MediaTypes.accepted(),
          reply -> {
            byte[] bytes = Documents.read(what, options.budgets(), reply.body()::readNBytes);
            if (expected == null) {
              RegistryDocuments.checkHeader(what, reply.header("Docker-Content-Digest"), bytes);
            }
            Descriptor descriptor =
                Descriptor.of(
                    reply.header("Content-Type"),
                    expected == null ? Digest.sha256(bytes) : expected,
                    bytes.length);
            descriptor.check(what, bytes);
            return new Document(descriptor, bytes, reply.header("ETag"));
          });
    } catch (RegistryException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  /**
   * Names of all repositories of the registry, page by page; each page has {@code repositories}.
   */
  public List<JsonValue> catalogPages() throws IOException {
    RegistryClient client = hosts.own();
    return new ListPages("catalog of " + reference.registry(), client, options.budgets())
        .from(client.registryUri("_catalog?n=1000"));
  }

  /** Tags of the repository, page by page; each page has {@code tags}. */
  public List<JsonValue> tagPages() throws IOException {
    RegistryClient client = hosts.own();
    String what = "tags of " + reference.registry() + "/" + reference.repository();
    return new ListPages(what, client, options.budgets()).from(client.uri("tags/list?n=1000"));
  }

  /** The image that a manifest or index comes to, for the platform of the options. */
  public ResolvedManifest resolve(Document root) throws IOException {
    return hosts.first(
        true,
        client -> {
          RegistryDocuments documents = new RegistryDocuments(reference, client, options.budgets());
          return new ManifestResolver(documents, options.platform(), options.budgets())
              .resolve(root.descriptor(), root.bytes());
        });
  }

  /**
   * Reads a blob. Where it {@link BlobSource#checksDigest}, who reaches its end has read the right
   * one.
   */
  @FunctionalInterface
  public interface BlobReader<T> {
    /** Reads it, once. */
    T read(BlobSource blob) throws IOException;
  }

  /**
   * A blob, read while it comes in, through the cache: what was cut off is gone on with, in the
   * next run too. When it has been read it does not stay there. Where blobs are not to be kept it
   * comes straight from the registry, and its reader has to hash it.
   *
   * @param label how messages name it
   */
  public <T> T blob(String label, Descriptor blob, BlobReader<T> reader) throws IOException {
    if (!options.keepBlobs()) {
      List<RegistryClient> clients = hosts.forBlobs();
      return reader.read(
          () -> new BlobStream(new BlobAnswers(label, blob), blob, clients, retries()));
    }
    BlobCache cache = BlobCache.open(options.cacheDirectory());
    try (LayerDownloads download =
        new LayerDownloads(
            hosts.forBlobs(), () -> {}, cache, retries(), options.maxDownloads(), false)) {
      download.start(label, blob);
      return reader.read(download.source(blob.digest()));
    }
  }

  /** Who reads the blob tells how far it is. */
  private SourceListener retries() {
    return new SourceListener() {
      @Override
      public void retrying(String reason) {
        options.listener().retrying(reason);
      }
    };
  }

  /** How a blob got where it is wanted. */
  public enum Placed {
    ALREADY_THERE,
    MOUNTED,
    UPLOADED
  }

  /**
   * Puts a blob into the repository, unless it is there.
   *
   * @param mountFrom another repository of the same registry that may have it, or null
   * @param progress hears how many bytes have arrived
   */
  public Placed putBlob(
      Digest digest, FileSlice bytes, @Nullable String mountFrom, LongConsumer progress)
      throws IOException {
    RegistryClient client = hosts.own();
    Backoff backoff = client.backoff();
    BlobUpload upload = new BlobUpload(client.writes(), digest, bytes, progress);
    if (backoff.run(upload::isThere)) {
      return Placed.ALREADY_THERE;
    }
    if (mountFrom != null && backoff.run(() -> upload.mountFrom(mountFrom))) {
      return Placed.MOUNTED;
    }
    backoff.run(
        () -> {
          upload.run();
          return Placed.UPLOADED;
        });
    return Placed.UPLOADED;
  }

  /**
   * Puts a manifest or index in its place, at once.
   *
   * @param selector a tag or its digest
   * @param etag what stands there now, if it must not have changed; empty if it may have
   * @return whether the registry says that it has added it to the subject's referrers ({@code
   *     OCI-Subject})
   */
  public boolean putManifest(String selector, String mediaType, byte[] bytes, String etag)
      throws IOException {
    Map<String, String> headers =
        etag.isEmpty()
            ? Map.of("Content-Type", mediaType)
            : Map.of("Content-Type", mediaType, "If-Match", etag);
    RegistryClient client = hosts.own();
    RegistryWrites writes = client.writes();
    URI uri = writes.uri("manifests/" + selector);
    String what = "manifest " + selector;
    return client
        .backoff()
        .run(
            () -> {
              try (Reply reply = writes.send("PUT", uri, headers, bytes)) {
                if (reply.status() != 201 && reply.status() != 200) {
                  throw maybeTemporary(writes.error(what, reply));
                }
                return !reply.header("OCI-Subject").isEmpty();
              }
            });
  }

  /**
   * The digest of what is sent is known to be right. docker-registry 2.8 was seen to refuse it all
   * the same while others pushed to the same repository.
   */
  private static RegistryException maybeTemporary(RegistryException e) {
    return e.status() == 400 && "DIGEST_INVALID".equals(e.code())
        ? new RegistryException(e.getMessage(), e.status(), e.code(), true, e)
        : e;
  }

  @Override
  public void close() {
    hosts.close();
  }
}
