package io.daxconv.converter.running;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The journal of one plan: a file that lines are added to, each before what it tells is done, and
 * synced. A line without its end was never told.
 *
 * @param file which need not be there
 */
record Journal(Path file) {
  private static final long LARGEST = 64 << 20;

  /** What has been told; nothing if there is no journal. */
  List<JournalEntry> read() throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte b : bytes()) {
      if (b == '\n') {
        String place = file + ": line " + (entries.size() + 1);
        entries.add(JournalJson.read(place, line.toByteArray()));
        line.reset();
      } else {
        line.write(b);
      }
    }
    return entries;
  }

  private byte[] bytes() throws IOException {
    try {
      if (Files.size(file) > LARGEST) {
        throw new StateException(
            file + ": expected a journal of at most " + LARGEST + " bytes, found a larger file");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  /** Adds a line; what a killed run has left of one goes first. */
  void append(JournalEntry entry) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer line = ByteBuffer.wrap(JournalJson.write(entry));
      long at = endOfLines(channel);
      channel.truncate(at);
      while (line.hasRemaining()) {
        at += channel.write(line, at);
      }
      channel.force(false);
    }
  }

  private static long endOfLines(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }

  /** There is nothing more to tell. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
