package io.daxconv.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
      try {
        journal.read(Files.readString(path, StandardCharsets.UTF_8));
      } catch (JsonProcessingException | CharacterCodingException e) {
        throw new SourceException(path + ": expected a batch's journal, found another file", e);
      }
      ready = true;
      return journal;
    } finally {
      if (!ready) {
        file.close();
      }
    }
  }

  private boolean lock() throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  private void read(String text) throws IOException {
    int end = text.lastIndexOf('\n') + 1;
    for (String line : text.substring(0, end).split("\n", -1)) {
      if (!line.isEmpty()) {
        JsonNode json = Json.parse(line.getBytes(StandardCharsets.UTF_8));
        finished.put(json.path("key").asText(), json);
      }
    }
    int bytes = text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    file.truncate(bytes).position(bytes);
  }

  /** What was noted under a key, or null. */
  @Nullable JsonNode find(String key) {
    return finished.get(key);
  }

  /** Notes that something is finished. */
  synchronized void add(String key, ObjectNode what) throws IOException {
    what.put("key", key);
    ByteBuffer line = ByteBuffer.wrap((Json.line(what) + "\n").getBytes(StandardCharsets.UTF_8));
    while (line.hasRemaining()) {
      file.write(line);
    }
    file.force(false);
    finished.put(key, what);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
