package io.daxconv.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has finished, a line of JSON each, synced before the next image counts on it. A last
 * line that a crash has cut off is not there. Only one process at a time writes one.
 */
final class BatchJournal implements AutoCloseable {
  private final FileChannel file;
  private final Map<String, JsonNode> finished = new ConcurrentHashMap<>();

  private BatchJournal(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a journal, made if it is not there.
   *
   * @throws DaxconvException if another batch has it open
   */
  static BatchJournal open(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    BatchJournal journal = new BatchJournal(file);
    boolean ready = false;
    try {
      if (!journal.lock()) {
        throw new SourceException(
            path + ": expected no other batch to be at work on it, found one");
      }
      journal.read(path, journal.bytes());
      ready = true;
      return journal;
    } finally {
      if (!ready) {
        file.close();
      }
    }
  }

  /** By the channel that is locked: closing any other one of this file would give up the lock. */
  private byte[] bytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {}
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private boolean lock() throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  /** Reads the lines that have an end; what is behind the last one may be anything. */
  private void read(Path path, byte[] bytes) throws IOException {
    int begin = 0;
    for (int at = 0, line = 1; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        read(path, line++, Arrays.copyOfRange(bytes, begin, at));
        begin = at + 1;
      }
    }
    file.truncate(begin).position(begin);
  }

  private void read(Path path, int number, byte[] line) throws IOException {
    try {
      JsonNode json = Json.parse(line);
      finished.put(json.path("key").asText(), json);
    } catch (IOException e) {
      throw new SourceException(
          path
              + ", line "
              + number
              + ": expected a line of a batch's journal, found something else; without this file,"
              + " all that is there is looked at again",
          e);
    }
  }

  /** What was noted under a key, or null. */
  @Nullable JsonNode find(String key) {
    return finished.get(key);
  }

  /** Notes that something is finished. */
  synchronized void add(String key, ObjectNode what) throws IOException {
    what.put("key", key);
    ByteBuffer line = ByteBuffer.wrap((Json.line(what) + "\n").getBytes(StandardCharsets.UTF_8));
    long before = file.position();
    boolean written = false;
    try {
      while (line.hasRemaining()) {
        file.write(line);
      }
      file.force(false);
      written = true;
    } finally {
      if (!written) {
        // Of a line that found no room nothing stays, or the next one would go on in it.
        file.truncate(before).position(before);
      }
    }
    finished.put(key, what);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
