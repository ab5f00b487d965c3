package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @TempDir Path directory;

  @Test
  void mapsAFileAsItIs() throws Exception {
    Path path = Files.write(directory.resolve("a b"), new byte[] {1, 2, 3});
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
      assertThat(file.bytes().isReadOnly()).isTrue();
      assertThat(file.name()).isEqualTo("\"" + path + "\"");
    }
  }

  @Test
  void saysThatAFileIsNotThere() {
    assertThatThrownBy(() -> MappedFile.open(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileThatShrinksIsAnErrorAndNoCrash() throws Exception {
    Path path = Files.write(directory.resolve("a"), new byte[1 << 20]);
    try (MappedFile file = MappedFile.open(path);
        FileChannel writer = FileChannel.open(path, StandardOpenOption.WRITE)) {
      writer.truncate(0);

      assertThatThrownBy(
              () ->
                  MappedFile.whileMapped(
                      file.name(), () -> file.bytes().toArray(ValueLayout.JAVA_BYTE)))
          .isInstanceOf(CorruptImageException.class)
          .hasMessage(file.name() + ": the file was made shorter while being read");
    }
  }
}
