package io.daxconv.oci.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformChoiceTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/386 linux/amd64, linux/amd64",
    "linux/amd64, linux/amd64/v3 linux/amd64/v1, linux/amd64/v1",
    "linux/amd64/v3, linux/amd64 linux/amd64/v3, linux/amd64/v3",
    "linux/arm64, linux/arm/v7 linux/arm64/v8, linux/arm64/v8",
    "linux/arm64/v8, linux/arm64, linux/arm64",
    "linux/arm, linux/arm/v5 linux/arm/v6 linux/arm/v7, linux/arm/v7",
    "linux/arm, linux/arm/v5 linux/arm/v6, linux/arm/v6",
    "linux/arm/v6, linux/arm/v7 linux/arm/v6, linux/arm/v6",
    "linux/arm/v7, linux/arm, linux/arm",
    "linux/ppc64le, linux/ppc64le/power9 linux/ppc64le, linux/ppc64le",
    "windows/amd64, linux/amd64 windows/amd64, windows/amd64",
  })
  void choosesWhatFitsBest(String wanted, String offered, String chosen) throws SourceException {
    assertThat(choose(wanted, offered).platform()).isEqualTo(Platform.parse(chosen));
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm/v5, linux/arm/v7, linux/arm/v7",
    "linux/amd64, linux/amd64/v2, linux/amd64/v2",
    "linux/s390x, linux/amd64 linux/arm64/v8 linux/amd64, 'linux/amd64, linux/arm64/v8'",
    "linux/amd64, unknown/unknown, none",
  })
  void tellsWhatThereIs(String wanted, String offered, String listed) {
    assertThatThrownBy(() -> choose(wanted, offered))
        .isInstanceOf(SourceException.class)
        .hasMessage("index x: no image for platform " + wanted + "; it has " + listed);
  }

  @Test
  void choosesTheFirstAmongEquals() throws SourceException {
    List<Descriptor> entries = List.of(entry("linux/amd64", "a"), entry("linux/amd64", "b"));

    assertThat(PlatformChoice.choose("x", entries, Platform.parse("linux/amd64")))
        .isSameAs(entries.getFirst());
  }

  @Test
  void neverChoosesAnAttestation() throws SourceException {
    Descriptor attestation =
        new Descriptor(
            "",
            Digest.sha256(new byte[0]),
            0,
            Platform.parse("linux/amd64"),
            Map.of("vnd.docker.reference.type", "attestation-manifest"),
            false);
    Descriptor image = entry("linux/amd64", "image");

    assertThat(
            PlatformChoice.choose("x", List.of(attestation, image), Platform.parse("linux/amd64")))
        .isSameAs(image);
    assertThatThrownBy(
            () -> PlatformChoice.choose("x", List.of(attestation), Platform.parse("linux/amd64")))
        .hasMessageEndingWith("it has none");
  }

  @Test
  void choosesTheOnlyOneThatSaysNothing() throws SourceException {
    List<Descriptor> entries = List.of(entry("linux/s390x", "a"), entry(null, "b"));

    assertThat(PlatformChoice.choose("x", entries, Platform.parse("linux/amd64")))
        .isSameAs(entries.get(1));
  }

  private static Descriptor choose(String wanted, String offered) throws SourceException {
    List<Descriptor> entries =
        Stream.of(offered.split(" ", -1)).map(text -> entry(text, text)).toList();
    return PlatformChoice.choose("index x", entries, Platform.parse(wanted));
  }

  private static Descriptor entry(@Nullable String platform, String content) {
    Digest digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8));
    try {
      return new Descriptor(
          "", digest, 0, platform == null ? null : Platform.parse(platform), Map.of(), false);
    } catch (SourceException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
