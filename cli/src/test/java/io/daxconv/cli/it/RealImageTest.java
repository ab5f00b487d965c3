package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job on an image made from Debian packages, from a real registry and from files. */
@RequiresTools(
    value = {"docker-registry", "skopeo", "umoci", "dpkg", "setcap", "find", "tar"},
    root = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealImageTest {
  private Path directory;
  private LocalRegistry registry;
  private RealImage image;
  private Path converted;

  /** Where the image is found; skopeo copies it there. */
  private enum Source {
    REGISTRY,
    REGISTRY_DOCKER_SCHEMA_2,
    REGISTRY_ZSTD,
    OCI,
    OCI_ARCHIVE,
    DOCKER_ARCHIVE
  }

  @BeforeAll
  void convertFromRegistry(@TempDir Path temporary) throws Exception {
    directory = temporary;
    image = RealImage.make(directory.resolve("image"));
    registry = LocalRegistry.start(directory.resolve("registry"));
    converted = directory.resolve("x.daxfs");
    skopeo(image.reference(), "docker://" + registry.host() + "/debian:1");
    convert(registry.host() + "/debian:1", converted);
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void holdsTheTreeThatUmociUnpacks() throws Exception {
    List<String> tree = daxconv("inspect", "--tree", converted.toString()).lines();
    assertThat(tree).hasSizeGreaterThan(1000).isEqualTo(TreeListing.of(image.rootfs()));
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameBytesFromEachSource(Source source) throws Exception {
    Path other = directory.resolve(source + ".daxfs");
    convert(copy(source), other);
    assertThat(other).hasSameBinaryContentAs(converted);
  }

  @Test
  void givesTheSameBytesWhateverTheJobs() throws Exception {
    Path other = directory.resolve("jobs.daxfs");
    daxconv("convert", "--jobs", "1", image.reference(), "-o", other.toString()).output();
    assertThat(other).hasSameBinaryContentAs(converted);
  }

  @Test
  void isSound() throws IOException {
    daxconv("verify", converted.toString()).output();
    daxconv("verify", converted.toString(), "--against", registry.host() + "/debian:1").output();
    daxconv("verify", converted.toString(), "--against", image.reference()).output();
    daxconv("verify", converted.toString(), "--against", "dir:" + image.rootfs()).output();
  }

  @Test
  void differsFromAnotherTree() throws Exception {
    Daxconv verify =
        daxconv(
            "verify", converted.toString(), "--against", "dir:" + image.rootfs().resolve("etc"));
    assertThat(verify.exit()).as(verify.err()).isOne();
    assertThat(verify.out()).contains("/usr: ");
  }

  @Test
  void namesWhatIsLeftOut() throws IOException {
    assertThat(daxconv("inspect", "--left-out", converted.toString()).output())
        .contains("/dev-null", "/data/fifo", "/usr/bin/bash-copy", "security.capability");
  }

  @Test
  void takesAFlatTarFromStandardInput() throws Exception {
    Path tar = directory.resolve("flat.tar");
    Path other = directory.resolve("flat.daxfs");
    Tool.run(image.rootfs(), "tar", "-cf", tar.toString(), "--xattrs", "--xattrs-include=*", ".");
    try (InputStream in = Files.newInputStream(tar)) {
      Daxconv.run(home(), in, "convert", "tar:-", "-o", other.toString()).output();
    }
    assertThat(daxconv("inspect", "--tree", other.toString()).lines())
        .isEqualTo(TreeListing.of(image.rootfs()));
  }

  private String copy(Source source) throws Exception {
    String host = registry.host();
    return switch (source) {
      case REGISTRY -> "docker://" + host + "/debian:1";
      case REGISTRY_DOCKER_SCHEMA_2 -> {
        skopeo(image.reference(), "docker://" + host + "/schema2:1", "--format", "v2s2");
        yield host + "/schema2:1";
      }
      case REGISTRY_ZSTD -> {
        // In two steps: skopeo leaves a compressed layer as it is.
        String plain = "dir:" + directory.resolve("plain");
        String zstd = "dir:" + directory.resolve("zstd");
        skopeo(image.reference(), plain, "--dest-decompress");
        skopeo(plain, zstd, "--dest-compress", "--dest-compress-format", "zstd");
        skopeo(zstd, "docker://" + host + "/zstd:1");
        yield host + "/zstd:1";
      }
      case OCI -> image.reference();
      case OCI_ARCHIVE -> {
        String archive = "oci-archive:" + directory.resolve("oci.tar") + ":1";
        skopeo(image.reference(), archive);
        yield archive;
      }
      case DOCKER_ARCHIVE -> {
        Path archive = directory.resolve("docker.tar");
        skopeo(image.reference(), "docker-archive:" + archive + ":debian:1");
        yield "docker-archive:" + archive;
      }
    };
  }

  private void skopeo(String from, String to, String... options) throws Exception {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("skopeo", "copy", "--quiet", "--insecure-policy"));
    argv.add("--dest-tls-verify=false");
    argv.addAll(List.of(options));
    argv.addAll(List.of(from, to));
    Tool.run(directory, argv.toArray(String[]::new));
  }

  private void convert(String from, Path to) throws IOException {
    daxconv("pull-and-convert", from, "-o", to.toString()).output();
  }

  private Daxconv daxconv(String... args) throws IOException {
    return Daxconv.run(home(), args);
  }

  private Path home() {
    return directory.resolve("home");
  }
}
