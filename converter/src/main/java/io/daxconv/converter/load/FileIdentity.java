package io.daxconv.converter.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file it is, whatever its name: it stays through a rename, and no other file has it. Device
 * and inode number alone come again, such as on the next tmpfs that is mounted in a place.
 *
 * @param device {@code st_dev} (inode(7))
 * @param inode {@code st_ino}
 * @param created as ISO 8601 with nanoseconds: the birth time of statx(2), or where the filesystem
 *     has none the time of the last change of its contents
 */
record FileIdentity(long device, long inode, String created) {

  /** That of a file, or of a symlink itself; null if nothing is there. */
  static @Nullable FileIdentity of(Path file) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(file, "unix:dev,ino,creationTime", LinkOption.NOFOLLOW_LINKS);
      return new FileIdentity(
          ((Number) Objects.requireNonNull(found.get("dev"))).longValue(),
          ((Number) Objects.requireNonNull(found.get("ino"))).longValue(),
          ((FileTime) Objects.requireNonNull(found.get("creationTime"))).toInstant().toString());
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  void put(ObjectNode into) {
    into.put("device", device).put("inode", inode).put("created", created);
  }

  /** Null if it is none. */
  static @Nullable FileIdentity parse(JsonNode json) {
    boolean whole =
        json.path("device").isIntegralNumber()
            && json.path("inode").isIntegralNumber()
            && json.path("created").isTextual();
    return whole
        ? new FileIdentity(
            json.path("device").asLong(),
            json.path("inode").asLong(),
            json.path("created").asText())
        : null;
  }
}
