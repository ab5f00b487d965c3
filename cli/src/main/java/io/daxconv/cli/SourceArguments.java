package io.daxconv.cli;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the image that a command names is found and opened. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SourceArguments {
  /** Tokens are long, but not as long as this. */
  private static final int LONGEST_LINE = 1 << 16;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH[/VARIANT]",
      description = "which image of an index (default: this machine's)")
  private @Nullable String platform;

  @Option(names = "--authfile", paramLabel = "FILE", description = "where the credentials are")
  private @Nullable Path authfile;

  @Option(
      names = "--creds",
      paramLabel = "USER[:PASS]",
      description = "credentials for the registry; others can see them in the list of processes")
  private @Nullable String creds;

  @Option(names = "--creds-stdin", description = "the same, from the first line of standard input")
  private boolean credsStdin;

  @Option(
      names = "--plain-http",
      description = "speak to the registry without TLS; localhost may always do so")
  private boolean plainHttp;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "PEM certificates to trust beside the usual ones")
  private @Nullable Path caFile;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "where downloaded blobs are kept (default: $XDG_CACHE_HOME/daxconv)")
  private @Nullable Path cacheDir;

  @Option(
      names = "--no-cache",
      description =
          "read layers straight from the registry and keep none of them: only the output is written,"
              + " and what broke off is begun anew by the next run")
  private boolean noCache;

  @Option(
      names = "--registries-conf",
      paramLabel = "FILE",
      description = "mirrors and locations, instead of the usual registries.conf")
  private @Nullable Path registriesConf;

  @Option(
      names = "--hosts-dir",
      paramLabel = "DIR",
      description = "where each registry's hosts.toml is (default: /etc/containerd/certs.d)")
  private @Nullable Path hostsDir;

  @Option(
      names = "--max-downloads",
      paramLabel = "N",
      defaultValue = "4",
      description = "how many layers are downloaded at once (default: 4)")
  private int maxDownloads;

  @Option(
      names = "--retry-times",
      paramLabel = "N",
      defaultValue = "3",
      description = "how often a request that failed is made again (default: 3)")
  private int retryTimes;

  @Option(
      names = "--retry-delay",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "how long about is waited before that, twice as long each time (default: 1)")
  private double retryDelay;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long a registry may be silent before a request has failed (default: 60)")
  private int timeout;

  /**
   * Opens an image.
   *
   * @throws ParameterException if the options do not go together
   */
  SourceImage open(String image, Streams streams, Budgets budgets, SourceListener listener)
      throws IOException {
    check(image);
    return ImageSources.open(image, options(streams, budgets, listener, null));
  }

  /**
   * The options.
   *
   * @param fallback which image of an index where the command line does not say; null for this
   *     machine's
   * @throws ParameterException if one of them cannot be
   */
  SourceOptions options(
      Streams streams, Budgets budgets, SourceListener listener, @Nullable Platform fallback)
      throws IOException {
    Platform named = platform();
    return SourceOptions.builder(streams.environment(), home(streams))
        .platform(named == null ? fallback : named)
        .credentials(credentials(streams))
        .authfile(authfile)
        .plainHttp(plainHttp)
        .caFile(caFile)
        .cacheDir(cacheDir)
        .keepBlobs(!noCache)
        .registriesConf(registriesConf)
        .hostsDir(hostsDir)
        .maxDownloads(maxDownloads)
        .retries(retries())
        .timeout(Duration.ofSeconds(timeout))
        .budgets(budgets)
        .standardInput(new BufferedInputStream(streams.in()))
        .listener(listener)
        .build();
  }

  private static Path home(Streams streams) {
    String home = streams.environment().get("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home);
  }

  /**
   * Whether the options go together, and with an image.
   *
   * @throws ParameterException if they do not
   */
  void check(String image) {
    boolean rootfs = image.startsWith("dir:") || image.startsWith("tar:");
    if (platform != null && rootfs) {
      throw misuse("--platform: expected an image of some platform, found a bare file system");
    }
    if (creds != null && credsStdin) {
      throw misuse("credentials: expected --creds or --creds-stdin, found both");
    }
    if (noCache && cacheDir != null) {
      throw misuse("cache: expected --cache-dir or --no-cache, found both");
    }
    if (maxDownloads < 1) {
      throw misuse("--max-downloads: expected at least 1, found " + maxDownloads);
    }
    if (timeout < 1) {
      throw misuse("--timeout: expected at least 1, found " + timeout);
    }
    retries();
    if (credsStdin && image.equals("tar:-")) {
      throw misuse("standard input: expected one use of it, found --creds-stdin and tar:-");
    }
  }

  private RetryPolicy retries() {
    try {
      return new RetryPolicy(retryTimes, Duration.ofMillis(Math.round(retryDelay * 1000)));
    } catch (IllegalArgumentException e) {
      throw misuse("--retry-times, --retry-delay: " + e.getMessage());
    }
  }

  private @Nullable Platform platform() {
    try {
      return platform == null ? null : Platform.parse(platform);
    } catch (SourceException e) {
      throw misuse("--" + e.getMessage());
    }
  }

  private @Nullable Credentials credentials(Streams streams) throws IOException {
    if (creds != null) {
      boolean ask = !creds.isEmpty() && creds.indexOf(':') < 0;
      return parse("--creds", ask ? creds + ":" + streams.askPassword() : creds);
    }
    return credsStdin ? parse("--creds-stdin", firstLine(streams.in())) : null;
  }

  /** The first line and not a byte more: what follows is for whoever reads next. */
  private String firstLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == LONGEST_LINE) {
        throw misuse("--creds-stdin: expected a line of at most " + LONGEST_LINE + " bytes");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private Credentials parse(String option, String text) {
    try {
      return Credentials.parse(text);
    } catch (IllegalArgumentException e) {
      throw misuse(option + ": expected USER[:PASS], found no user");
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
