package io.daxconv.oci.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * A layer's tar, put together again as it was: tar-split keeps all of it but the files' bytes, one
 * JSON object after another, gzipped (vbatts/tar-split, tar/storage: type 2 is a segment of the
 * tar, type 1 a file, of which {@code size} bytes follow).
 */
final class TarSplitStream extends InputStream {
  private static final int FILE = 1;
  private static final int SEGMENT = 2;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final InputStream json;
  private final MappingIterator<JsonNode> entries;
  private final DiffDirectory files;
  private InputStream part = InputStream.nullInputStream();

  /** How many bytes of a file are still to come, and whose they are. */
  private long left;

  private byte[] name = new byte[0];

  TarSplitStream(InputStream gzip, DiffDirectory files) throws IOException {
    this.json = new GZIPInputStream(gzip, 1 << 16);
    this.entries = MAPPER.readerFor(JsonNode.class).readValues(json);
    this.files = files;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int read = part.read(bytes, offset, left > 0 ? (int) Math.min(length, left) : length);
      if (read > 0) {
        left = Math.max(0, left - read);
        if (left > 0 || name.length == 0) {
          return read;
        }
        closePart();
        return read;
      }
      if (left > 0) {
        throw new SourceException(
            "containers-storage: %s: expected %d bytes more, found its end"
                .formatted(Escapes.escape(name), left));
      }
      if (!next()) {
        return -1;
      }
    }
  }

  private void closePart() throws IOException {
    part.close();
    part = InputStream.nullInputStream();
    name = new byte[0];
  }

  private boolean next() throws IOException {
    if (!entries.hasNextValue()) {
      return false;
    }
    JsonNode entry = entries.nextValue();
    closePart();
    switch (entry.path("type").asInt()) {
      case SEGMENT -> part = new ByteArrayInputStream(bytes(entry.path("payload")));
      case FILE -> {
        left = Math.max(0, entry.path("size").asLong());
        if (left > 0) {
          name =
              entry.has("name_raw")
                  ? bytes(entry.path("name_raw"))
                  : entry.path("name").asText().getBytes(StandardCharsets.UTF_8);
          part = files.open(name);
        }
      }
      default -> throw new SourceException("tar-split: expected an entry of type 1 or 2");
    }
    return true;
  }

  private static byte[] bytes(JsonNode base64) throws IOException {
    byte[] bytes = base64.binaryValue();
    return bytes == null ? new byte[0] : bytes;
  }

  @Override
  public void close() throws IOException {
    part.close();
    json.close();
  }
}
