package io.daxconv.converter.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What daxconv notes of a target, so that unloading undoes what loading did.
 *
 * @param target as text
 * @param state what was begun or done
 * @param boot the boot it happened in ({@code /proc/sys/kernel/random/boot_id})
 * @param image where it came from
 * @param size the image's bytes; 0 while they are not known
 * @param address where memory was allocated that stays; 0 for none
 * @param mount the directory where it is mounted or about to be, or null
 * @param file the file that was made or is about to get this name, or null
 * @param identity which file that is; null if there is none
 */
record LoadRecord(
    String target,
    State state,
    String boot,
    String image,
    long size,
    long address,
    @Nullable String mount,
    @Nullable String file,
    @Nullable FileIdentity identity) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FORMAT = "daxconv-load";

  /** How far it came. */
  enum State {
    FILLING,
    LOADED
  }

  /** The same, and which file the image is to become, and where it is to be mounted. */
  LoadRecord as(Path file, FileIdentity identity, @Nullable Path mount) {
    return new LoadRecord(
        target,
        state,
        boot,
        image,
        size,
        address,
        mount == null ? null : mount.toString(),
        file.toString(),
        identity);
  }

  /** The same, when it is done. */
  LoadRecord loaded() {
    return new LoadRecord(target, State.LOADED, boot, image, size, address, mount, file, identity);
  }

  /** Whether the file is where it is noted, and no other file of that name. */
  boolean holdsFile() throws IOException {
    return file != null && identity != null && identity.equals(FileIdentity.of(Path.of(file)));
  }

  byte[] toJson() throws IOException {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("format", FORMAT)
            .put("version", 1)
            .put("target", target)
            .put("state", state.name())
            .put("boot", boot)
            .put("image", image)
            .put("size", size)
            .put("address", address)
            .put("mount", mount)
            .put("file", file);
    if (identity != null) {
      identity.put(json.putObject("identity"));
    }
    return MAPPER.writeValueAsBytes(json);
  }

  /** Null if the bytes are no record. */
  static @Nullable LoadRecord parse(byte[] bytes) {
    try {
      JsonNode json = MAPPER.readTree(bytes);
      if (!json.path("format").asText().equals(FORMAT) || json.path("version").asInt() != 1) {
        return null;
      }
      return new LoadRecord(
          json.path("target").asText(),
          State.valueOf(json.path("state").asText()),
          json.path("boot").asText(),
          json.path("image").asText(),
          json.path("size").asLong(),
          json.path("address").asLong(),
          text(json.path("mount")),
          text(json.path("file")),
          FileIdentity.parse(json.path("identity")));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
