package io.daxconv.converter.fuzz;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.erofs.ViewBuilder;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Sound images that changes are made to: small, and with something of each kind. */
final class SeedImages {
  private SeedImages() {}

  static List<byte[]> make() throws IOException {
    byte[] annex =
        AnnexJson.toBytes(
            new Annex("a", null, null, List.of(), null, null, List.of(), List.of(), List.of()));
    return List.of(
        converted(rich(), true, true),
        converted(rich(), false, false),
        ImageBuilder.sample().split().annex(annex).build().toArray(),
        ViewBuilder.of(ImageBuilder.sample().annex(annex).build())
            .plain("/etc")
            .plain("/etc/l")
            .xattr("/etc", "security.b", "v")
            .build()
            .view()
            .toArray());
  }

  private static byte[] converted(TarBuilder layer, boolean overlay, boolean erofs)
      throws IOException {
    Path directory = Files.createTempDirectory("daxconv-seed");
    Path file = directory.resolve("seed.daxfs");
    try {
      Converter.convert(
          TestImages.withConfig(
              "{\"config\":{\"Cmd\":[\"/bin/sh\"]}}", TestBlob.plain(layer.build())),
          file,
          new ConversionOptions(4096, overlay, erofs, false, 1),
          ConversionListener.NONE);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  /**
   * Every type, hard links, xattrs in several namespaces, a directory of several EROFS blocks, and
   * inodes that need the extended form beside those that do not.
   */
  private static TarBuilder rich() {
    TarBuilder tar =
        TarBuilder.tar()
            .directory("bin")
            .add(TarEntry.file("bin/sh", "#!").mode(0755).mtime(1_700_000_000))
            .add(
                TarEntry.file("bin/ping", "p")
                    .mode(04755)
                    .xattr("security.capability", new byte[20])
                    .xattr("user.note", new byte[] {1, 2, 3}))
            .hardLink("bin/ping6", "bin/ping")
            .file("two-pages", "0123456789abcdef".repeat(300))
            .add(TarEntry.file("owned", "").owner(100_000, 70_000).mtime(-5).pax("mtime", "1.25"))
            .add(
                TarEntry.directory("acl")
                    .xattr("system.posix_acl_default", new byte[28])
                    .xattr("trusted.x", new byte[] {}))
            .symlink("acl/link", "../bin/sh")
            .symlink("long-link", "x/".repeat(700) + "y")
            .add(new TarEntry('3', "null").device(1, 3))
            .add(new TarEntry('4', "disk").device(259, 70_000))
            .add(new TarEntry('6', "fifo"))
            .directory("a/b/c/d/empty");
    for (int i = 0; i < 40; i++) {
      tar.add(
          new TarEntry('0', String.format(Locale.ROOT, "many/%03d-%s", i, "n".repeat(240)))
              .gnuLongNames()
              .mtime(i % 3));
    }
    return tar;
  }
}
