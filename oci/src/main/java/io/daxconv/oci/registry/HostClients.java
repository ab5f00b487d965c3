package io.daxconv.oci.registry;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.credentials.RegistryCredentials;
import io.daxconv.oci.hosts.EnvironmentProxies;
import io.daxconv.oci.hosts.RegistryHost;
import io.daxconv.oci.hosts.RegistryHosts;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that may have an image, each with a client made when it is first asked. What one does
 * not give, the next is asked for; what is got is checked by its digest, whoever gave it.
 */
final class HostClients implements Closeable {
  private final RegistryReference reference;
  private final SourceOptions options;
  private final Timeouts timeouts;
  private final List<RegistryHost> hosts;
  private final RegistryCredentials credentials;
  private final EnvironmentProxies proxies;
  private final Warnings warnings;
  private final Set<RegistryHost> failed = new HashSet<>();
  private final List<RegistryClient> opened = new ArrayList<>();

  /** All hosts that may have what a reference names. */
  HostClients(RegistryReference reference, SourceOptions options, Timeouts timeouts)
      throws IOException {
    this(
        reference,
        options,
        timeouts,
        RegistryHosts.find(
            reference.registry(),
            reference.repository(),
            suffix(reference),
            reference.digest() != null,
            options));
  }

  private HostClients(
      RegistryReference reference,
      SourceOptions options,
      Timeouts timeouts,
      List<RegistryHost> hosts)
      throws IOException {
    this.reference = reference;
    this.options = options;
    this.timeouts = timeouts;
    this.hosts = hosts;
    this.credentials = RegistryCredentials.load(options);
    this.proxies = new EnvironmentProxies(options.environment());
    this.warnings = new Warnings(options.listener());
  }

  /** The one host that what a reference names is pushed to. */
  static HostClients toPush(RegistryReference reference, SourceOptions options, Timeouts timeouts)
      throws IOException {
    RegistryHost host =
        RegistryHosts.toPush(
            reference.registry(), reference.repository(), suffix(reference), options);
    return new HostClients(reference, options, timeouts, List.of(host));
  }

  /** The one host that knows all names and tags of a registry. */
  static HostClients toList(RegistryReference reference, SourceOptions options, Timeouts timeouts)
      throws IOException {
    RegistryHost host = RegistryHosts.toList(reference.registry(), reference.repository(), options);
    return new HostClients(reference, options, timeouts, List.of(host));
  }

  /** Tag and digest as they stand behind the name. */
  private static String suffix(RegistryReference reference) {
    return (reference.tag() == null ? "" : ":" + reference.tag())
        + (reference.digest() == null ? "" : "@" + reference.digest());
  }

  /** Something that a host is asked for. */
  @FunctionalInterface
  interface Question<T extends @Nullable Object> {
    T ask(RegistryClient client) throws IOException;
  }

  /** Asks one host after another what the reference is; a tag only those that may say. */
  <T> T first(Question<T> question) throws IOException {
    return first(reference.digest() != null, question);
  }

  /**
   * Asks one host after another until one answers.
   *
   * @param byDigest whether what is asked for is checked by its digest, so that anybody may say it
   */
  <T> T first(boolean byDigest, Question<T> question) throws IOException {
    List<RegistryHost> asked = asked(byDigest);
    for (RegistryHost host : asked.subList(0, asked.size() - 1)) {
      try {
        // The next host is nearer than the next try.
        return question.ask(open(host, new RetryPolicy(0, options.retries().delay())));
      } catch (DaxconvException e) {
        failed.add(host);
        options.listener().retrying(e.getMessage() + "; the next host is asked");
      }
    }
    return question.ask(open(asked.getLast(), options.retries()));
  }

  private List<RegistryHost> asked(boolean byDigest) throws SourceException {
    List<RegistryHost> asked = hosts.stream().filter(host -> host.resolves() || byDigest).toList();
    if (asked.isEmpty()) {
      throw new SourceException(
          "image " + reference + ": expected a host that may resolve tags, found none configured");
    }
    return asked;
  }

  /**
   * Asks one host after another until one has it; who has not may have all else.
   *
   * @return null if none has it
   */
  <T> @Nullable T any(boolean byDigest, Question<@Nullable T> question) throws IOException {
    List<RegistryHost> asked = asked(byDigest);
    for (RegistryHost host : asked.subList(0, asked.size() - 1)) {
      try {
        T found = question.ask(open(host, new RetryPolicy(0, options.retries().delay())));
        if (found != null) {
          return found;
        }
      } catch (DaxconvException e) {
        failed.add(host);
        options.listener().retrying(e.getMessage() + "; the next host is asked");
      }
    }
    return question.ask(open(asked.getLast(), options.retries()));
  }

  /** The last host, which is the registry itself. */
  RegistryClient own() throws IOException {
    return open(hosts.getLast(), options.retries());
  }

  /** Clients for blobs, in the order in which they are to be asked. */
  List<RegistryClient> forBlobs() throws IOException {
    List<RegistryClient> clients = new ArrayList<>();
    for (RegistryHost host : hosts) {
      if (!failed.contains(host)) {
        clients.add(open(host, options.retries()));
      }
    }
    return clients;
  }

  private RegistryClient open(RegistryHost host, RetryPolicy retries) throws IOException {
    Backoff backoff =
        new Backoff(retries, RandomGenerator.getDefault(), options.listener()::retrying);
    for (RegistryClient client : opened) {
      if (client.host().equals(host)) {
        return client.with(backoff);
      }
    }
    SSLContext tls = TlsContexts.of(host.tls(), options.caFile());
    Endpoint endpoint = Endpoint.of(host, options.plainHttp(), tls);
    Timeouts waits =
        host.dialTimeout() == null
            ? timeouts
            : new Timeouts(host.dialTimeout(), timeouts.headers(), timeouts.stall());
    URI proxy = host.proxy();
    EnvironmentProxies way = proxy == null ? proxies : EnvironmentProxies.always(proxy);
    Transport transport = new JdkTransport(tls, waits, way);
    RegistryAuth auth = new RegistryAuth(host, credentials, new TokenServer(transport, endpoint));
    RegistryClient client = new RegistryClient(host, endpoint, transport, auth, backoff, warnings);
    opened.add(client);
    return client;
  }

  @Override
  public void close() {
    opened.forEach(RegistryClient::close);
  }
}
