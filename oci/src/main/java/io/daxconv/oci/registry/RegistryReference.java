package io.daxconv.oci.registry;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in a registry, with what is usually left out filled in.
 *
 * @param registry host and perhaps port; {@code docker.io} for Docker Hub by any of its names
 * @param repository such as {@code library/debian}
 * @param tag null if only a digest was given
 * @param digest what is pulled if it is there, whatever the tag says
 */
public record RegistryReference(
    String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
  private static final Set<String> DOCKER_HUB =
      Set.of("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  /** IPv6 hosts, of which Jib's grammar knows nothing. */
  private static final Pattern IPV6 = Pattern.compile("(\\[[0-9a-fA-F:.]{2,45}](?::\\d+)?)/(.*)");

  /**
   * Reads {@code [docker://][registry/]repository[:tag][@digest]}; registry, {@code library/} and
   * tag have Docker's defaults.
   */
  public static RegistryReference parse(String text) throws SourceException {
    String rest = text.startsWith("docker://") ? text.substring("docker://".length()) : text;
    if (rest.contains("://")) {
      throw new SourceException(
          "image reference: expected no scheme but docker://, found "
              + Escapes.quote(Urls.redactedIn(text)));
    }
    int at = rest.indexOf('@');
    Digest digest = at < 0 ? null : Digest.parse(rest.substring(at + 1));
    String name = at < 0 ? rest : rest.substring(0, at);
    boolean tagged = name.lastIndexOf(':') > name.lastIndexOf('/');
    Matcher ipv6 = IPV6.matcher(name);
    boolean bracketed = ipv6.matches();
    ImageReference parsed = parse(text, bracketed ? "localhost/" + ipv6.group(2) : name);
    String registry = bracketed ? ipv6.group(1) : parsed.getRegistry();
    checkPort(text, registry);
    boolean hub = DOCKER_HUB.contains(registry);
    String repository = parsed.getRepository();
    return new RegistryReference(
        hub ? "docker.io" : registry,
        hub && repository.indexOf('/') < 0 ? "library/" + repository : repository,
        digest != null && !tagged ? null : parsed.getTag().orElse("latest"),
        digest);
  }

  private static ImageReference parse(String text, String name) throws SourceException {
    try {
      ImageReference parsed = ImageReference.parse(name);
      if (!parsed.isScratch()) {
        return parsed;
      }
    } catch (InvalidImageReferenceException e) {
      throw new SourceException(expected(text), e);
    }
    throw new SourceException(expected(text));
  }

  private static String expected(String text) {
    return "image reference: expected [registry/]repository[:tag][@digest] with the repository in"
        + " lower case, found "
        + Escapes.quote(Urls.redactedIn(text));
  }

  private static void checkPort(String text, String registry) throws SourceException {
    int colon = registry.lastIndexOf(':');
    if (colon > registry.lastIndexOf(']')) {
      String port = registry.substring(colon + 1);
      if (port.length() > 5 || Integer.parseInt(port) > 65535 || Integer.parseInt(port) == 0) {
        throw new SourceException(
            "image reference: expected a port up to 65535, found "
                + Escapes.quote(Urls.redactedIn(text)));
      }
    }
  }

  /** Where the registry's API is: Docker Hub's is on another host than its name says. */
  public String apiHost() {
    return apiHost(registry);
  }

  static String apiHost(String registry) {
    return registry.equals("docker.io") ? "registry-1.docker.io" : registry;
  }

  /** What credentials for a host are looked up by: Docker Hub has many names. */
  static String credentialName(String host) {
    return DOCKER_HUB.contains(host) ? "docker.io" : host;
  }

  /** What is asked of the registry: the digest, else the tag. */
  public String selector() {
    return digest != null ? digest.toString() : String.valueOf(tag);
  }

  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
