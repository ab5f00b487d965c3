package io.daxconv.cli;

import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the image that a command names is found and opened. */
final class SourceArguments {
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

  /** Opens an image. */
  SourceImage open(String image, Streams streams, SourceListener listener) throws IOException {
    SourceOptions options =
        SourceOptions.builder(streams.environment(), home(streams))
            .platform(platform == null ? null : Platform.parse(platform))
            .credentials(credentials(streams))
            .authfile(authfile)
            .plainHttp(plainHttp)
            .caFile(caFile)
            .cacheDir(cacheDir)
            .standardInput(streams.in())
            .listener(listener)
            .build();
    return ImageSources.open(image, options);
  }

  private static Path home(Streams streams) {
    String home = streams.environment().get("HOME");
    return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home);
  }

  private @Nullable Credentials credentials(Streams streams) throws IOException {
    if (creds != null && credsStdin) {
      throw new SourceException("credentials: expected --creds or --creds-stdin, found both");
    }
    if (creds != null) {
      return parse("--creds", creds.indexOf(':') < 0 ? creds + ":" + streams.askPassword() : creds);
    }
    if (!credsStdin) {
      return null;
    }
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    return parse("--creds-stdin", line == null ? "" : line);
  }

  private static Credentials parse(String option, String text) throws SourceException {
    try {
      return Credentials.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SourceException(option + ": expected USER[:PASS], found no user", e);
    }
  }
}
