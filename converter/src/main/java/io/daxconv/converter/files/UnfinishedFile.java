package io.daxconv.converter.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that must not be left behind unless it gets finished: it is removed when the program is
 * asked to end (by Ctrl-C, say) while this is open. What {@code kill -9} leaves has to be removed
 * by whoever makes such files.
 */
public final class UnfinishedFile implements AutoCloseable {
  private final Path file;
  private final Thread atExit;

  /** Watches over a file, which may not exist yet. */
  public UnfinishedFile(Path file) {
    this.file = file;
    this.atExit = new Thread(this::removeAtExit, "remove " + file.getFileName());
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  public Path path() {
    return file;
  }

  /** Removes the file, if it is still there under its name, and stops watching. */
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same, now.
      return;
    }
    Files.deleteIfExists(file);
  }

  private void removeAtExit() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("daxconv: could not remove " + file + ": " + e.getMessage());
    }
  }
}
