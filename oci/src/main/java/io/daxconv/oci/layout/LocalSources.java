package io.daxconv.oci.layout;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Opens what stands on this machine, by what a user typed after {@code oci:} and the like. */
public final class LocalSources {
  private LocalSources() {}

  /** {@code DIR[:TAG]}. */
  public static SourceImage oci(String text, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    Location location = Location.find("oci:", text, "directory", Files::isDirectory);
    return OciLayout.openDirectory(location.path(), location.name(), asked, budgets);
  }

  /** {@code FILE[:TAG]}. */
  public static SourceImage ociArchive(String text, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    Location location = Location.find("oci-archive:", text, "file", LocalSources::isFile);
    return OciLayout.openArchive(location.path(), location.name(), asked, budgets);
  }

  /** {@code FILE[:REF]}. */
  public static SourceImage dockerArchive(String text, @Nullable Platform asked, Budgets budgets)
      throws IOException {
    Location location = Location.find("docker-archive:", text, "file", LocalSources::isFile);
    return DockerArchive.open(location.path(), location.name(), asked, budgets);
  }

  /** {@code ROOTFS}. */
  public static SourceImage directory(String text) throws IOException {
    Path root = path("dir:", text);
    String name = "dir:" + text;
    if (!Files.isDirectory(root)) {
      throw new SourceException(Labels.of(name) + ": expected a directory, found " + found(root));
    }
    return bare(name, new DirectoryLayer(Labels.of(name), root));
  }

  /** {@code FILE}, or {@code -} for standard input. */
  public static SourceImage tar(String text, InputStream standardInput) throws IOException {
    String name = "tar:" + text;
    if (text.equals("-")) {
      return bare(name, layer(name, once(standardInput)));
    }
    Path file = path("tar:", text);
    if (!isFile(file)) {
      throw new SourceException(Labels.of(name) + ": expected a file, found " + found(file));
    }
    return bare(name, layer(name, () -> new FileInputStream(file.toFile())));
  }

  private static BlobSource once(InputStream in) {
    AtomicBoolean opened = new AtomicBoolean();
    return () -> {
      if (opened.getAndSet(true)) {
        throw new SourceException("tar:-: standard input can be read only once");
      }
      return in;
    };
  }

  private static Layer layer(String name, BlobSource bytes) {
    return new TarLayer(Labels.of(name), null, -1, null, bytes);
  }

  private static SourceImage bare(String name, Layer layer) {
    return new LocalImage(
        new Provenance(name, null, null, List.of()), null, List.of(layer), () -> {});
  }

  /** Pipes will do: a shell's {@code <(…)} is one. */
  private static boolean isFile(Path path) {
    return Files.exists(path) && !Files.isDirectory(path);
  }

  static String found(Path path) {
    return Files.isDirectory(path) ? "a directory" : Files.exists(path) ? "a file" : "nothing";
  }

  static Path path(String kind, String text) throws SourceException {
    if (text.isEmpty()) {
      throw new SourceException(kind + " expected a path after the colon, found nothing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new SourceException(Labels.of(kind + text) + ": expected a path", e);
    }
  }
}
