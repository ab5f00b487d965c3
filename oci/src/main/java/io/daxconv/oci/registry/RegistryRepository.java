package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.FileSlice;
import io.daxconv.oci.credentials.RegistryCredentials;
import io.daxconv.oci.hosts.EnvironmentProxies;
import io.daxconv.oci.hosts.RegistryHost;
import io.daxconv.oci.hosts.RegistryHosts;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, to read and to write: manifests, blobs, referrers. Nothing is
 * downloaded before it is asked for.
 */
public final class RegistryRepository implements Closeable {
  /** Of a thousand names each. */
  private static final int MOST_PAGES = 10_000;

  private final RegistryReference reference;
  private final SourceOptions options;
  private final RegistryClient client;
  private final RegistryWrites writes;
  private final Backoff backoff;

  private RegistryRepository(
      RegistryReference reference,
      SourceOptions options,
      RegistryClient client,
      RegistryWrites writes,
      Backoff backoff) {
    this.reference = reference;
    this.options = options;
    this.client = client;
    this.writes = writes;
    this.backoff = backoff;
  }

  /** Prepares to speak with the registry of a reference about its repository. */
  public static RegistryRepository open(RegistryReference reference, SourceOptions options)
      throws IOException {
    RegistryHost host = RegistryHosts.named(reference.registry(), reference.repository(), options);
    SSLContext tls = TlsContexts.of(host.tls(), options.caFile());
    Endpoint endpoint = Endpoint.of(host, options.plainHttp(), tls);
    Transport transport =
        new JdkTransport(tls, Timeouts.DEFAULT, new EnvironmentProxies(options.environment()));
    RegistryAuth auth =
        new RegistryAuth(
            host, RegistryCredentials.load(options), new TokenServer(transport, endpoint));
    Backoff backoff =
        new Backoff(options.retries(), RandomGenerator.getDefault(), options.listener()::retrying);
    return new RegistryRepository(
        reference,
        options,
        new RegistryClient(
            host, endpoint, transport, auth, backoff, new Warnings(options.listener())),
        new RegistryWrites(reference, endpoint, transport, auth),
        backoff);
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
    return document("manifests/" + selector, selector);
  }

  /**
   * What the registry itself lists as referring to a manifest (distribution-spec, "Listing
   * Referrers").
   *
   * @param artifactType the only type that is asked for; the registry may list others too
   * @return an index; null if the registry has no such list
   */
  public @Nullable Document referrers(Digest subject, String artifactType) throws IOException {
    String query = "?artifactType=" + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
    try {
      return document("referrers/" + subject + query, "");
    } catch (RegistryException e) {
      if (e.status() == 400 || e.status() == 405) {
        return null;
      }
      throw e;
    }
  }

  private @Nullable Document document(String path, String selector) throws IOException {
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
    return pages("catalog of " + reference.registry(), writes.registryUri("_catalog?n=1000"));
  }

  /** Tags of the repository, page by page; each page has {@code tags}. */
  public List<JsonValue> tagPages() throws IOException {
    return pages(
        "tags of " + reference.registry() + "/" + reference.repository(),
        writes.uri("tags/list?n=1000"));
  }

  private List<JsonValue> pages(String what, URI first) throws IOException {
    List<JsonValue> pages = new ArrayList<>();
    Optional<URI> next = Optional.of(first);
    while (next.isPresent()) {
      if (pages.size() == MOST_PAGES) {
        throw new SourceException(what + ": expected at most " + MOST_PAGES + " pages, found more");
      }
      URI at = next.get();
      next =
          backoff.run(
              () -> {
                try (Reply reply = writes.send("GET", at, Map.of(), new byte[0])) {
                  if (reply.status() == 404 && !pages.isEmpty()) {
                    return Optional.empty();
                  }
                  if (reply.status() != 200) {
                    throw writes.error(what, reply);
                  }
                  byte[] page = Documents.read(what, options.budgets(), reply.body()::readNBytes);
                  pages.add(JsonValue.parse(what, page).object());
                  return Optional.ofNullable(RegistryWrites.nextPage(reply));
                }
              });
    }
    return pages;
  }

  /** The image that a manifest or index comes to, for the platform of the options. */
  public ResolvedManifest resolve(Document root) throws IOException {
    RegistryDocuments documents = new RegistryDocuments(reference, client, options.budgets());
    return new ManifestResolver(documents, options.platform(), options.budgets())
        .resolve(root.descriptor(), root.bytes());
  }

  /** Reads a blob's bytes, which are not yet checked. */
  @FunctionalInterface
  public interface BlobReader<T> {
    /** Reads them; called again from the start if they break off. */
    T read(InputStream bytes) throws IOException;
  }

  /** A blob, to be read from its start. */
  public <T> T blob(Digest digest, BlobReader<T> reader) throws IOException {
    return client.get(
        "blob " + digest, "blobs/" + digest, "*/*", reply -> reader.read(reply.body()));
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
    BlobUpload upload = new BlobUpload(writes, digest, bytes, progress);
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
    URI uri = writes.uri("manifests/" + selector);
    String what = "manifest " + selector;
    return backoff.run(
        () -> {
          try (Reply reply = writes.send("PUT", uri, headers, bytes)) {
            if (reply.status() != 201 && reply.status() != 200) {
              throw writes.error(what, reply);
            }
            return !reply.header("OCI-Subject").isEmpty();
          }
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
