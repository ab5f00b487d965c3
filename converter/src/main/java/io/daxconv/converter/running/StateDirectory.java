package io.daxconv.converter.running;

import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the journals of plans are, a file {@code NAME.journal} each.
 *
 * @param path made when it is needed
 */
public record StateDirectory(Path path) {
  /** Unless another is wanted. No plan is called so: names begin with a letter or digit. */
  public static final Path DEFAULT = Path.of("/run/daxconv/.state");

  private static final String SUFFIX = ".journal";
  private static final String LOCK = ".lock";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** A lock of a file is the process's, so that its threads need one more. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  public StateDirectory {
    path = path.toAbsolutePath();
  }

  /** Held while plans are carried out or undone: one at a time. */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } finally {
        THREADS.unlock();
      }
    }
  }

  /** Waits for others that are at work; a run that is killed gives up its lock. */
  Lock lock() throws IOException {
    Files.createDirectories(path, PRIVATE);
    THREADS.lock();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return new Lock(channel);
    } catch (IOException e) {
      if (channel != null) {
        channel.close();
      }
      THREADS.unlock();
      throw e;
    }
  }

  Journal journal(String name) {
    return new Journal(path.resolve(name + SUFFIX));
  }

  /** The plans that have a journal, in order. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> journals = Files.newDirectoryStream(path, "*" + SUFFIX)) {
      for (Path journal : journals) {
        String name = String.valueOf(journal.getFileName());
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    Collections.sort(names);
    return List.copyOf(names);
  }

  /**
   * The plan that somebody means.
   *
   * @param text a plan's name, or the file of an image
   * @throws StateException if there is none, or more than one of that file
   */
  public String find(String text) throws IOException {
    List<String> names = names();
    if (names.contains(text)) {
      return text;
    }
    Path file = Path.of(text).toAbsolutePath().normalize();
    List<String> found = new ArrayList<>();
    for (String name : names) {
      PlanState state = PlanState.of(journal(name).read());
      if (state != null && state.begun().image().normalize().equals(file)) {
        found.add(name);
      }
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new StateException(
        Escapes.quote(text)
            + ": expected a plan's name, or the file of one plan, found "
            + (found.isEmpty()
                ? "none in " + path + "; daxconv ps lists them"
                : "the plans " + String.join(", ", found)));
  }
}
