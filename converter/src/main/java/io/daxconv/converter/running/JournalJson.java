package io.daxconv.converter.running;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.MountIdentity;
import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Journal lines as JSON, an object each. */
final class JournalJson {
  static final int VERSION = 1;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JournalJson() {}

  /** A line with its end. */
  static byte[] write(JournalEntry entry) {
    ObjectNode json = MAPPER.createObjectNode();
    switch (entry) {
      case JournalEntry.Begun begun -> begun(begun, json);
      case JournalEntry.Making making ->
          json.put("making", making.directory().toString())
              .put("role", making.role().name().toLowerCase(Locale.ROOT))
              .put("container", making.container());
      case JournalEntry.Mounting mounting ->
          json.put("mounting", mounting.directory().toString())
              .put("unique_id", mounting.identity().unique())
              .put("id", mounting.identity().number())
              .put("major", mounting.identity().major())
              .put("minor", mounting.identity().minor())
              .put("type", mounting.type())
              .put("source", mounting.source())
              .put("container", mounting.container());
      case JournalEntry.Ready _ -> json.put("ready", true);
      case JournalEntry.Unmounted(Path directory) -> json.put("unmounted", directory.toString());
      case JournalEntry.Removed(Path directory) -> json.put("removed", directory.toString());
      case JournalEntry.Kept _ -> json.put("kept", true);
    }
    try {
      return (MAPPER.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void begun(JournalEntry.Begun begun, ObjectNode json) {
    json.put("begun", begun.name())
        .put("version", VERSION)
        .put("image", begun.image().toString())
        .put("root", begun.root().toString())
        .put("target", begun.target())
        .put("boot", begun.host().boot())
        .put("mount_namespace", begun.host().mountNamespace())
        .put("seconds", begun.seconds());
    ArrayNode containers = json.putArray("containers");
    for (JournalEntry.Container container : begun.containers()) {
      Path upper = container.upper();
      containers
          .addObject()
          .put("name", container.name())
          .put("merged", container.merged().toString())
          .put("upper", upper == null ? null : upper.toString());
    }
  }

  /**
   * Reads a line.
   *
   * @param place of the line, for messages
   */
  static JournalEntry read(String place, byte[] line) throws StateException {
    try {
      JsonNode json = MAPPER.readTree(line);
      if (json.has("begun")) {
        return begun(json);
      }
      if (json.has("making")) {
        return new JournalEntry.Making(
            path(json, "making"),
            JournalEntry.Role.valueOf(text(json, "role").toUpperCase(Locale.ROOT)),
            optional(json, "container"));
      }
      if (json.has("mounting")) {
        return new JournalEntry.Mounting(
            path(json, "mounting"),
            new MountIdentity(
                number(json, "unique_id"),
                number(json, "id"),
                (int) number(json, "major"),
                (int) number(json, "minor")),
            text(json, "type"),
            text(json, "source"),
            optional(json, "container"));
      }
      if (json.has("ready")) {
        return new JournalEntry.Ready();
      }
      if (json.has("unmounted")) {
        return new JournalEntry.Unmounted(path(json, "unmounted"));
      }
      if (json.has("removed")) {
        return new JournalEntry.Removed(path(json, "removed"));
      }
      if (json.has("kept")) {
        return new JournalEntry.Kept();
      }
      throw new IllegalArgumentException("a known key");
    } catch (java.io.IOException | IllegalArgumentException e) {
      throw new StateException(
          place
              + ": expected a line of a journal of version "
              + VERSION
              + ", found "
              + Escapes.quote(new String(line, StandardCharsets.UTF_8)));
    }
  }

  private static JournalEntry.Begun begun(JsonNode json) {
    if (number(json, "version") != VERSION) {
      throw new IllegalArgumentException("version");
    }
    List<JournalEntry.Container> containers = new ArrayList<>();
    for (JsonNode container : json.path("containers")) {
      String upper = optional(container, "upper");
      containers.add(
          new JournalEntry.Container(
              text(container, "name"),
              path(container, "merged"),
              upper == null ? null : Path.of(upper)));
    }
    return new JournalEntry.Begun(
        text(json, "begun"),
        path(json, "image"),
        path(json, "root"),
        text(json, "target"),
        new Host(text(json, "boot"), text(json, "mount_namespace")),
        number(json, "seconds"),
        containers);
  }

  private static Path path(JsonNode json, String key) {
    Path path = Path.of(text(json, key));
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(key);
    }
    return path;
  }

  private static String text(JsonNode json, String key) {
    String text = optional(json, key);
    if (text == null) {
      throw new IllegalArgumentException(key);
    }
    return text;
  }

  private static @Nullable String optional(JsonNode json, String key) {
    return json.path(key).textValue();
  }

  private static long number(JsonNode json, String key) {
    if (!json.path(key).isIntegralNumber()) {
      throw new IllegalArgumentException(key);
    }
    return json.path(key).longValue();
  }
}
