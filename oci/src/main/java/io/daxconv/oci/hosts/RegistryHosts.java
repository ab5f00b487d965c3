package io.daxconv.oci.hosts;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.hosts.RegistryHost.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where an image may be. A table of {@code registries.conf} about it goes before a {@code
 * hosts.toml} of its registry; where there is neither, the registry is what its name says.
 */
public final class RegistryHosts {
  private final SourceOptions options;
  private final Path userConfig;

  private RegistryHosts(SourceOptions options) {
    this.options = options;
    String config = options.environment().getOrDefault("XDG_CONFIG_HOME", "");
    this.userConfig =
        (config.startsWith("/") ? Path.of(config) : options.home().resolve(".config"))
            .resolve("containers");
  }

  /**
   * The hosts to be asked, one after another.
   *
   * @param registry as the image's name has it
   * @param suffix tag and digest as they stand behind the name; may be empty
   * @param byDigest whether the image is asked for by digest
   */
  public static List<RegistryHost> find(
      String registry, String repository, String suffix, boolean byDigest, SourceOptions options)
      throws SourceException {
    RegistryHosts hosts = new RegistryHosts(options);
    List<RegistryHost> found = hosts.conf().hosts(registry + "/" + repository, suffix, byDigest);
    Path directory = hosts.hostsDirectory();
    if (found == null) {
      found = HostsToml.read(directory, registry, repository, HostsToml.Capability.PULL);
    }
    if (found == null) {
      found = List.of(RegistryHost.named(registry, repository, TlsSettings.PLATFORM));
    }
    List<RegistryHost> complete = new ArrayList<>();
    for (RegistryHost host : found) {
      complete.add(hosts.withCertificates(host));
    }
    return complete;
  }

  /**
   * The one host that an image is pushed to, and that is asked where an answer must agree with what
   * is pushed. It is never a mirror: of a {@code hosts.toml} the first host with the capability
   * {@code push}, of {@code registries.conf} the registry that the name says, whatever its {@code
   * location} (containers-registries.conf(5): redirection is for reading).
   *
   * @throws SourceException if there is none, or the image is blocked
   */
  public static RegistryHost toPush(
      String registry, String repository, String suffix, SourceOptions options)
      throws SourceException {
    RegistryHosts hosts = new RegistryHosts(options);
    RegistryHost named = hosts.conf().unredirected(registry + "/" + repository, suffix);
    return hosts.one(named, registry, repository, HostsToml.Capability.PUSH);
  }

  /**
   * The one host that knows all names and tags of a registry: of a {@code hosts.toml} the last that
   * can pull, of {@code registries.conf} the registry that the name says.
   *
   * @throws SourceException if there is none, or the registry is blocked
   */
  public static RegistryHost toList(String registry, String repository, SourceOptions options)
      throws SourceException {
    RegistryHosts hosts = new RegistryHosts(options);
    RegistryHost named = hosts.conf().unredirected(registry + "/" + repository, "");
    return hosts.one(named, registry, repository, HostsToml.Capability.PULL);
  }

  private RegistryHost one(
      @Nullable RegistryHost named,
      String registry,
      String repository,
      HostsToml.Capability capability)
      throws SourceException {
    if (named != null) {
      return withCertificates(named);
    }
    List<RegistryHost> able = HostsToml.read(hostsDirectory(), registry, repository, capability);
    if (able == null) {
      return withCertificates(RegistryHost.named(registry, repository, TlsSettings.PLATFORM));
    }
    return withCertificates(
        capability == HostsToml.Capability.PUSH ? able.getFirst() : able.getLast());
  }

  private RegistriesConf conf() throws SourceException {
    Path given = options.registriesConf();
    String named = options.environment().getOrDefault("CONTAINERS_REGISTRIES_CONF", "");
    if (given == null && !named.isEmpty()) {
      given = Path.of(named);
    }
    if (given != null) {
      if (!Files.exists(given)) {
        throw new SourceException(
            "registries.conf %s: expected a file, found nothing"
                .formatted(Escapes.quote(given.toString())));
      }
      return RegistriesConf.read(given, List.of());
    }
    Path own = userConfig.resolve("registries.conf");
    Path system = options.systemConfig().resolve("containers");
    return RegistriesConf.read(
        Files.exists(own) ? own : system.resolve("registries.conf"),
        List.of(system.resolve("registries.conf.d"), userConfig.resolve("registries.conf.d")));
  }

  private Path hostsDirectory() {
    @Nullable Path given = options.hostsDir();
    return given == null ? options.systemConfig().resolve("containerd/certs.d") : given;
  }

  private RegistryHost withCertificates(RegistryHost host) throws SourceException {
    Path system = options.systemConfig();
    List<Path> directories = new ArrayList<>();
    for (Path each :
        List.of(
            userConfig.resolve("certs.d"),
            system.resolve("containers/certs.d"),
            system.resolve("docker/certs.d"),
            hostsDirectory())) {
      directories.add(each.resolve(host.authority()));
    }
    TlsSettings tls = CertificateDirectory.add(host.tls(), directories);
    return new RegistryHost(
        host.authority(),
        host.scheme(),
        host.apiPath(),
        host.repository(),
        host.resolves(),
        host.namespace(),
        host.headers(),
        tls,
        host.dialTimeout(),
        host.proxy());
  }
}
