package io.daxconv.converter.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFileTest {
  @TempDir private Path directory;

  private UnfinishedFile create() throws IOException {
    return UnfinishedFile.create(directory, "a.", ".part");
  }

  @Test
  void isRemovedUnlessItIsMoved() throws IOException {
    try (UnfinishedFile file = create()) {
      assertThat(file.path()).isEmptyFile();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void isMovedWholeAndStaysOpen() throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "old");
    FileChannel channel;
    try (UnfinishedFile file = create()) {
      channel = file.channel();
      channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
      assertThat(target).hasContent("old");
      file.moveTo(target);
    }
    assertThat(target).hasContent("new");
    assertThat(channel.isOpen()).isTrue();
    channel.close();
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(target);
    }
  }

  @Test
  void staysWhileItIsWrittenHereAndGoesAfterwards() throws IOException {
    Path left = Files.createFile(directory.resolve("a.left.part"));
    try (UnfinishedFile file = create()) {
      AbandonedFiles.remove(directory, "*.part");
      AbandonedFiles.remove(directory, "*.part");
      assertThat(file.path()).exists();
      assertThat(left).doesNotExist();
    }
  }

  @Test
  void staysWhileAnotherNameOfItsDirectoryIsUsed() throws IOException {
    Path alias = Files.createSymbolicLink(directory.resolve("alias"), directory);
    try (UnfinishedFile file = create()) {
      AbandonedFiles.remove(alias, "*.part");
      assertThat(file.path()).exists();
    }
  }

  /** The lock must be one that other processes see, and must outlive a look at it from here. */
  @Test
  @Timeout(60)
  void isLockedForOtherProcesses() throws Exception {
    try (UnfinishedFile file = create()) {
      AbandonedFiles.remove(directory, "*.part");
      assertThat(otherProcessRemoves(file.path())).isFalse();
    }
    Path left = Files.createFile(directory.resolve("a.left.part"));
    assertThat(otherProcessRemoves(left)).isTrue();
  }

  private boolean otherProcessRemoves(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Remover.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.notExists(file);
  }

  /** What another process runs. */
  static final class Remover {
    private Remover() {}

    public static void main(String[] args) {
      AbandonedFiles.remove(Path.of(args[0]), "*.part");
    }
  }

  @Test
  void neverWaitsForAPipe() throws Exception {
    Path pipe = directory.resolve("a.pipe.part");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();

    AbandonedFiles.remove(directory, "*.part");

    assertThat(pipe).exists();
  }

  @Test
  void mindsNothingThatCannotBeRemoved() {
    AbandonedFiles.remove(directory.resolve("none"), "*.part");
    assertThat(directory).isEmptyDirectory();
  }
}
