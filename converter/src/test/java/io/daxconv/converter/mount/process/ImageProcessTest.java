package io.daxconv.converter.mount.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.ImageFacts;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageProcessTest {
  @TempDir private Path directory;

  @Test
  void readsTheConfigAndTheImagesOwnFiles() throws IOException {
    ImageProcess process =
        process(
            """
            {"Entrypoint": ["/e", "1"], "Cmd": ["2"], "Env": ["A=b=c", "B", "=x", "C="],
             "WorkingDir": "srv", "User": "web", "StopSignal": "SIGQUIT",
             "ExposedPorts": {"80/tcp": {}}, "Labels": {"l": "m"}}
            """,
            TarBuilder.tar()
                .file("usr/share/passwd", "web:x:33:34::/:\n")
                .file("usr/share/group", "video:x:44:web\n")
                .symlink("etc/passwd", "../../usr/./share//passwd")
                .symlink("etc/group", "/link/group")
                .symlink("link", "usr/share"));
    assertThat(process.entrypoint()).containsExactly("/e", "1");
    assertThat(process.command()).containsExactly("2");
    assertThat(process.arguments()).containsExactly("/e", "1", "2");
    assertThat(process.environment()).containsExactly("A=b=c", "C=");
    assertThat(process.workingDirectory()).isEqualTo("/srv");
    assertThat(process.user()).isEqualTo(new ImageUser(33, 34, List.of(44L)));
    assertThat(process.stopSignal()).isEqualTo("SIGQUIT");
    assertThat(process.exposedPorts()).containsExactly("80/tcp");
    assertThat(process.labels()).containsEntry("l", "m");
    assertThat(process.hasInit()).isFalse();
  }

  @Test
  void runsAShellAsRootWhereNothingIsSaid() throws IOException {
    ImageProcess process = process("{}", TarBuilder.tar().file("init", ""));
    assertThat(process.arguments()).containsExactly("sh");
    assertThat(process.workingDirectory()).isEqualTo("/");
    assertThat(process.user()).isEqualTo(new ImageUser(0, 0, List.of()));
    assertThat(process.hasInit()).isTrue();
  }

  @Test
  void findsNothingWhereSymlinksGoRound() {
    assertThatThrownBy(
            () ->
                process(
                    "{\"User\": \"web\"}",
                    TarBuilder.tar().symlink("etc/passwd", "other").symlink("etc/other", "passwd")))
        .isInstanceOf(MountPlanException.class)
        .hasMessageContaining("a name in the image's /etc/passwd, found \"web\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"Env": "A=b"}          | Env: expected an array of strings, found ""A=b""
          {"Cmd": [1]}            | Cmd: expected a string, found "1"
          {"User": 5}             | User: expected a string, found "5"
          {"Labels": []}          | Labels: expected an object, found "[]"
          {"Cmd": ["a\\u0000"]}   | Cmd: expected text in UTF-8 without NUL, found "a%00"
          {"Cmd": ["\\ud800"]}    | Cmd: expected text in UTF-8 without NUL, found "?"
          """)
  void refusesWhatIsNoConfig(String config, String message) {
    assertThatThrownBy(() -> process(config, TarBuilder.tar().file("f", "")))
        .isInstanceOf(DaxconvException.class)
        .hasMessage("image config: " + message);
  }

  private ImageProcess process(String config, TarBuilder layer) throws IOException {
    Path file = directory.resolve("x.daxfs");
    Converter.convert(
        TestImages.withConfig("{\"config\": " + config + "}", TestBlob.plain(layer.build())),
        file,
        ConversionOptions.DEFAULT,
        ConversionListener.NONE);
    try (DaxfsImage image = DaxfsImage.open(file)) {
      return ImageProcess.of(image, ImageFacts.of(image));
    }
  }
}
