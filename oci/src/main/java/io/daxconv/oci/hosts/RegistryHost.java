package io.daxconv.oci.hosts;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that may have an image, and how it is spoken to.
 *
 * @param authority host and perhaps port, as credentials are looked up by
 * @param scheme how it is reached
 * @param apiPath what stands before the repository in its URLs, such as {@code /v2}
 * @param repository what the image's repository is called there
 * @param resolves whether it may say what a tag means
 * @param namespace the registry that it stands in for, which is sent as {@code ns}; null for none
 * @param headers sent with every request to it
 * @param tls whom it is believed by, and who asks
 * @param dialTimeout how long is waited for a connection; null for as long as usual
 * @param proxy the way there, which may have a password in it; null for that of the environment
 */
public record RegistryHost(
    String authority,
    Scheme scheme,
    String apiPath,
    String repository,
    boolean resolves,
    @Nullable String namespace,
    Map<String, String> headers,
    TlsSettings tls,
    @Nullable Duration dialTimeout,
    @Nullable URI proxy) {
  /** How a host is reached. */
  public enum Scheme {
    /** With TLS, but on this machine without, where no TLS is spoken. */
    USUAL,
    /** With TLS where it is spoken, else without. */
    EITHER,
    HTTP,
    HTTPS
  }

  /**
   * Certificates.
   *
   * @param authorities PEM files to trust beside the Java platform's
   * @param clients what to show a server that asks who it is
   * @param unverified whether any certificate will do
   */
  public record TlsSettings(
      List<Path> authorities, List<ClientCertificate> clients, boolean unverified) {
    /** The platform's alone. */
    public static final TlsSettings PLATFORM = new TlsSettings(List.of(), List.of(), false);

    public TlsSettings {
      authorities = List.copyOf(authorities);
      clients = List.copyOf(clients);
    }
  }

  /**
   * A certificate and its key, in PEM.
   *
   * @param key the same file where both are in one
   */
  public record ClientCertificate(Path certificate, Path key) {}

  public RegistryHost {
    headers = Map.copyOf(headers);
  }

  /** The registry that an image's name says. */
  static RegistryHost named(String registry, String repository, TlsSettings tls) {
    return new RegistryHost(
        registry, Scheme.USUAL, "/v2", repository, true, null, Map.of(), tls, null, null);
  }
}
