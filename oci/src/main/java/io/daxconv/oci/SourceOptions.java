package io.daxconv.oci;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Platform;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How images are opened. Nothing is taken from the process itself: its environment, home directory
 * and standard input are handed in.
 *
 * @param platform which image of an index, and what any other image must be for; null for this
 *     machine's and whatever comes
 * @param credentials for the registry, instead of any file; null to look for them
 * @param authfile the only file to look in for credentials; null for the usual ones
 * @param plainHttp whether the registry is spoken to without TLS
 * @param caFile PEM certificates to trust beside the Java platform's, or null
 * @param cacheDir where downloaded blobs are kept; null for {@code $XDG_CACHE_HOME/daxconv} or
 *     {@code ~/.cache/daxconv}
 * @param keepBlobs whether blobs from a registry are kept there; if not, they are read straight
 *     from it
 * @param registriesConf containers' {@code registries.conf}, alone; null for the usual files
 * @param hostsDir containerd's directory of {@code hosts.toml} files; null for {@code
 *     containerd/certs.d} of the system's configuration
 * @param systemConfig where the system's configuration is: {@code /etc}
 * @param maxDownloads how many blobs are downloaded at once, at least 1
 * @param retries how often failed requests are made again
 * @param timeout how long a registry may be silent, at least a second
 * @param budgets how large documents and blobs may be, how deep indexes, how many layers
 * @param listener hears of downloads
 * @param environment the environment variables: DOCKER_CONFIG, DOCKER_HOST, REGISTRY_AUTH_FILE,
 *     CONTAINERS_REGISTRIES_CONF, CONTAINERS_STORAGE_CONF, the proxies, the XDG ones and PATH for
 *     credential helpers
 * @param standardInput what {@code tar:-} reads
 * @param home the home directory
 */
public record SourceOptions(
    @Nullable Platform platform,
    @Nullable Credentials credentials,
    @Nullable Path authfile,
    boolean plainHttp,
    @Nullable Path caFile,
    @Nullable Path cacheDir,
    boolean keepBlobs,
    @Nullable Path registriesConf,
    @Nullable Path hostsDir,
    Path systemConfig,
    int maxDownloads,
    RetryPolicy retries,
    Duration timeout,
    Budgets budgets,
    SourceListener listener,
    Map<String, String> environment,
    InputStream standardInput,
    Path home) {
  /** As long as a registry may be silent where nothing else is said. */
  public static final Duration TIMEOUT = Duration.ofSeconds(60);

  public SourceOptions {
    if (maxDownloads < 1) {
      throw new IllegalArgumentException(
          "downloads at once: expected at least 1, found " + maxDownloads);
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("timeout: expected at least 1 s, found " + timeout);
    }
    environment = Map.copyOf(environment);
  }

  /**
   * The directory of the cache. The XDG base directory specification ignores paths that are not
   * absolute.
   */
  public Path cacheDirectory() {
    if (cacheDir != null) {
      return cacheDir;
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (cache.startsWith("/") ? Path.of(cache) : home.resolve(".cache")).resolve("daxconv");
  }

  /** Begins with the defaults. */
  public static Builder builder(Map<String, String> environment, Path home) {
    return new Builder(environment, home);
  }

  /** Without the environment, which may hold secrets. */
  @Override
  public String toString() {
    return "SourceOptions[platform=%s, credentials=%s, authfile=%s, plainHttp=%s, caFile=%s, cacheDir=%s, keepBlobs=%s, maxDownloads=%d, retries=%s]"
        .formatted(
            platform,
            credentials,
            authfile,
            plainHttp,
            caFile,
            cacheDir,
            keepBlobs,
            maxDownloads,
            retries);
  }

  /** Sets one option at a time. */
  public static final class Builder {
    private final Map<String, String> environment;
    private final Path home;
    private @Nullable Platform platform;
    private @Nullable Credentials credentials;
    private @Nullable Path authfile;
    private boolean plainHttp;
    private @Nullable Path caFile;
    private @Nullable Path cacheDir;
    private boolean keepBlobs = true;
    private @Nullable Path registriesConf;
    private @Nullable Path hostsDir;
    private Path systemConfig = Path.of("/etc");
    private int maxDownloads = 4;
    private RetryPolicy retries = RetryPolicy.DEFAULT;
    private Duration timeout = TIMEOUT;
    private Budgets budgets = Budgets.DEFAULT;
    private SourceListener listener = SourceListener.NONE;
    private InputStream standardInput = InputStream.nullInputStream();

    private Builder(Map<String, String> environment, Path home) {
      this.environment = environment;
      this.home = home;
    }

    public Builder platform(@Nullable Platform value) {
      platform = value;
      return this;
    }

    public Builder credentials(@Nullable Credentials value) {
      credentials = value;
      return this;
    }

    public Builder authfile(@Nullable Path value) {
      authfile = value;
      return this;
    }

    public Builder plainHttp(boolean value) {
      plainHttp = value;
      return this;
    }

    public Builder caFile(@Nullable Path value) {
      caFile = value;
      return this;
    }

    public Builder cacheDir(@Nullable Path value) {
      cacheDir = value;
      return this;
    }

    public Builder keepBlobs(boolean value) {
      keepBlobs = value;
      return this;
    }

    public Builder registriesConf(@Nullable Path value) {
      registriesConf = value;
      return this;
    }

    public Builder hostsDir(@Nullable Path value) {
      hostsDir = value;
      return this;
    }

    public Builder systemConfig(Path value) {
      systemConfig = value;
      return this;
    }

    public Builder maxDownloads(int value) {
      maxDownloads = value;
      return this;
    }

    public Builder retries(RetryPolicy value) {
      retries = value;
      return this;
    }

    public Builder timeout(Duration value) {
      timeout = value;
      return this;
    }

    public Builder budgets(Budgets value) {
      budgets = value;
      return this;
    }

    public Builder listener(SourceListener value) {
      listener = value;
      return this;
    }

    public Builder standardInput(InputStream value) {
      standardInput = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one of them cannot be
     */
    public SourceOptions build() {
      return new SourceOptions(
          platform,
          credentials,
          authfile,
          plainHttp,
          caFile,
          cacheDir,
          keepBlobs,
          registriesConf,
          hostsDir,
          systemConfig,
          maxDownloads,
          retries,
          timeout,
          budgets,
          listener,
          environment,
          standardInput,
          home);
    }
  }
}
