package io.daxconv.examples;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.verify.Finding;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.VerifyReport;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The main job through the Java API: an image in, a checked DAXFS file and its mount script out.
 *
 * <pre>java ... io.daxconv.examples.ConvertImage oci:examples/hello-image hello.daxfs</pre>
 */
public final class ConvertImage {
  private ConvertImage() {}

  /** Takes an image, as the command line does, and the file to make. */
  public static void main(String[] args) throws IOException {
    run(args[0], Path.of(args[1]), System.getenv(), System.out);
  }

  static void run(String reference, Path file, Map<String, String> environment, PrintStream out)
      throws IOException {
    convert(reference, file, environment, out);
    verify(file, out);
    printMountScript(file, out);
  }

  private static void convert(
      String reference, Path file, Map<String, String> environment, PrintStream out)
      throws IOException {
    Path home = Path.of(environment.getOrDefault("HOME", "/"));
    SourceOptions sourceOptions = SourceOptions.builder(environment, home).build();
    try (SourceImage image = ImageSources.open(reference, sourceOptions)) {
      ConversionResult result =
          Converter.convert(image, file, ConversionOptions.DEFAULT, ConversionListener.NONE);
      out.println(result.regularFiles() + " files, sha256 " + result.sha256().hex());
    }
  }

  private static void verify(Path file, PrintStream out) throws IOException {
    VerifyReport report = ImageVerifier.verify(file);
    for (Finding finding : report.findings()) {
      out.println(finding);
    }
    out.println(report.isSound() ? "sound" : "not sound");
  }

  private static void printMountScript(Path file, PrintStream out) throws IOException {
    try (DaxfsImage image = DaxfsImage.open(file)) {
      Annex annex = image.annex();
      if (annex != null && annex.config() != null) {
        out.println("entrypoint " + annex.config().get("Entrypoint"));
      }
      String name = MountPlan.nameOf(file);
      MountPlan plan =
          MountPlan.of(
              name,
              file,
              image.superblock().totalSize(),
              image.superblock().blockSize(),
              new BaseTarget.DeviceDax("dax0.0"),
              MountPlan.defaultRoot(name),
              2);
      out.print(MountFormat.SHELL.render(plan));
    }
  }
}
