package io.daxconv.oci.hosts;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Configuration files in TOML. Complaints quote nothing of them: headers may be secrets. */
public final class TomlFile {
  private static final int LIMIT = 1 << 20;
  private static final TomlMapper MAPPER = new TomlMapper();

  private TomlFile() {}

  /** Reads a file; null if there is none. */
  public static @Nullable JsonValue read(Path path) throws SourceException {
    String label = Escapes.escape(path.toString().getBytes(StandardCharsets.UTF_8));
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (NoSuchFileException absent) {
      return null;
    } catch (IOException e) {
      throw new SourceException(label + ": cannot be read: " + FailureReason.of(e), e);
    }
    if (bytes.length > LIMIT) {
      throw new SourceException(label + ": expected at most " + LIMIT + " bytes, found more");
    }
    try {
      JsonNode node = MAPPER.readTree(bytes);
      return new JsonValue(label, "", node);
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      throw new SourceException(
          label + ": not valid TOML" + (at == null ? "" : " at line " + at.getLineNr()));
    } catch (IOException | RuntimeException e) {
      throw new SourceException(label + ": not valid TOML");
    }
  }

  /** True if there is such a field and it is {@code true}. */
  static boolean flag(JsonValue value) throws SourceException {
    if (!value.present()) {
      return false;
    }
    if (!value.node().isBoolean()) {
      throw new SourceException(
          value.what() + ": " + value.path() + ": expected true or false, found another value");
    }
    return value.node().booleanValue();
  }
}
