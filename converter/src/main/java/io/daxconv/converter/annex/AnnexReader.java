package io.daxconv.converter.annex;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.format.SegmentStream;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads one annex token by token. The format and its version come first, for what follows is
 * understood by them; all other keys may come in any order, and unknown ones are passed over.
 */
final class AnnexReader {
  /** Bytes of the longest config, the one part of which a tree is built. */
  private static final long LONGEST_CONFIG = 16 << 20;

  /** More layers, or xattrs of one file, than any image has; these are held in memory. */
  private static final int MOST_HELD = 10_000;

  private final String where;
  private final MemorySegment bytes;
  private final AnnexListener listener;

  AnnexReader(String where, MemorySegment bytes, AnnexListener listener) {
    this.where = where;
    this.bytes = bytes;
    this.listener = listener;
  }

  void read() throws CorruptImageException {
    try (JsonParser parser = AnnexJson.MAPPER.createParser(new SegmentStream(bytes))) {
      document(new AnnexTokens(where, parser));
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : ": byte " + e.getLocation().getByteOffset();
      throw new CorruptImageException(where + place + ": " + Escapes.quote(e.getOriginalMessage()));
    } catch (CorruptImageException e) {
      throw e;
    } catch (IOException e) {
      throw new CorruptImageException(where + ": " + Escapes.quote(String.valueOf(e.getMessage())));
    }
  }

  private void document(AnnexTokens json) throws IOException {
    json.next();
    json.startObject();
    identity(json);
    boolean image = false;
    while (json.nextKey()) {
      switch (json.key()) {
        case "image" -> {
          image(json);
          image = true;
        }
        case "source" -> listener.source(source(json));
        case "images" -> json.eachObject(() -> packed(json));
        case "mode" -> mode(json);
        case "added" -> json.eachObject(() -> added(json));
        case "left_out" -> leftOut(json);
        case "remarks" -> json.eachObject(() -> remark(json));
        default -> json.skip();
      }
    }
    json.require(image, "image");
    json.end();
  }

  private void identity(AnnexTokens json) throws IOException {
    String format = json.nextKey() && json.key().equals("format") ? json.text() : "";
    if (!format.equals(AnnexJson.FORMAT)) {
      throw json.unexpected("\"format\":\"" + AnnexJson.FORMAT + "\" first", Escapes.quote(format));
    }
    if (!json.nextKey() || !json.key().equals("version")) {
      throw json.unexpected("\"version\" second", "something else");
    }
    long version = json.number(Long.MAX_VALUE);
    if (version > AnnexJson.VERSION) {
      throw json.unexpected("version " + AnnexJson.VERSION, version + ", of a newer daxconv");
    }
    if (version < AnnexJson.VERSION) {
      throw json.unexpected("version " + AnnexJson.VERSION, Long.toString(version));
    }
  }

  private void image(AnnexTokens json) throws IOException {
    json.startObject();
    boolean reference = false;
    while (json.nextKey()) {
      switch (json.key()) {
        case "reference" -> {
          listener.reference(json.text());
          reference = true;
        }
        case "id" -> listener.imageId(digest(json));
        case "platform" -> listener.platform(platform(json));
        case "diff_ids" -> json.eachText(() -> listener.diffId(parse(json)));
        case "config" -> listener.config(json.tree(bytes, LONGEST_CONFIG));
        default -> json.skip();
      }
    }
    json.require(reference, "reference");
  }

  private Platform platform(AnnexTokens json) throws IOException {
    json.startObject();
    String os = null;
    String architecture = null;
    String variant = null;
    while (json.nextKey()) {
      switch (json.key()) {
        case "os" -> os = json.text();
        case "architecture" -> architecture = json.text();
        case "variant" -> variant = json.text();
        default -> json.skip();
      }
    }
    return new Platform(
        json.required(os, "os"), json.required(architecture, "architecture"), variant);
  }

  private void packed(AnnexTokens json) throws IOException {
    String name = null;
    String path = null;
    String reference = null;
    Digest id = null;
    Platform platform = null;
    JsonNode config = null;
    Provenance source = null;
    List<Digest> diffIds = new ArrayList<>();
    while (json.nextKey()) {
      switch (json.key()) {
        case "name" -> name = json.escaped();
        case "path" -> path = json.escaped();
        case "reference" -> reference = json.text();
        case "id" -> id = digest(json);
        case "platform" -> platform = platform(json);
        case "diff_ids" -> digests(json, diffIds);
        case "config" -> config = json.tree(bytes, LONGEST_CONFIG);
        case "source" -> source = source(json);
        default -> json.skip();
      }
    }
    listener.image(
        new PackedImage(
            json.required(name, "name"),
            json.required(path, "path"),
            json.required(reference, "reference"),
            id,
            platform,
            diffIds,
            config,
            source));
  }

  private void mode(AnnexTokens json) throws IOException {
    json.startObject();
    String name = null;
    ImageMode.Backing backing = null;
    long alignLarge = 0;
    long uidShift = 0;
    while (json.nextKey()) {
      switch (json.key()) {
        case "name" -> name = json.escaped();
        case "backing" -> backing = backing(json);
        case "align_large" -> alignLarge = json.number(Long.MAX_VALUE);
        case "uid_shift" -> uidShift = json.number(AnnexTokens.U32);
        default -> json.skip();
      }
    }
    listener.mode(new ImageMode(json.required(name, "name"), backing, alignLarge, uidShift));
  }

  private ImageMode.Backing backing(AnnexTokens json) throws IOException {
    json.startObject();
    long size = 0;
    Digest sha256 = null;
    while (json.nextKey()) {
      switch (json.key()) {
        case "size" -> size = json.number(Long.MAX_VALUE);
        case "sha256" -> sha256 = digest(json);
        default -> json.skip();
      }
    }
    json.require(sha256 != null, "sha256");
    return new ImageMode.Backing(size, Objects.requireNonNull(sha256));
  }

  private void added(AnnexTokens json) throws IOException {
    String path = null;
    long files = 0;
    long size = 0;
    Digest sha256 = null;
    String source = null;
    while (json.nextKey()) {
      switch (json.key()) {
        case "path" -> path = json.escaped();
        case "files" -> files = json.number(Long.MAX_VALUE);
        case "size" -> size = json.number(Long.MAX_VALUE);
        case "sha256" -> sha256 = digest(json);
        case "source" -> source = json.text();
        default -> json.skip();
      }
    }
    listener.added(new AddedPath(json.required(path, "path"), files, size, sha256, source));
  }

  private void digests(AnnexTokens json, List<Digest> into) throws IOException {
    json.eachText(
        () -> {
          json.requireAtMost(MOST_HELD, into.size() + 1);
          into.add(parse(json));
        });
  }

  private Provenance source(AnnexTokens json) throws IOException {
    json.startObject();
    String reference = null;
    Digest index = null;
    Digest manifest = null;
    List<Digest> layers = new ArrayList<>();
    while (json.nextKey()) {
      switch (json.key()) {
        case "reference" -> reference = json.text();
        case "index_digest" -> index = digest(json);
        case "manifest_digest" -> manifest = digest(json);
        case "layer_digests" -> digests(json, layers);
        default -> json.skip();
      }
    }
    return new Provenance(json.required(reference, "reference"), index, manifest, layers);
  }

  private void leftOut(AnnexTokens json) throws IOException {
    json.startObject();
    while (json.nextKey()) {
      switch (json.key()) {
        case "xattrs" -> json.eachObject(() -> fileXattrs(json));
        case "special_files" -> json.eachObject(() -> specialFile(json));
        default -> json.skip();
      }
    }
  }

  private void fileXattrs(AnnexTokens json) throws IOException {
    String path = null;
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    while (json.nextKey()) {
      switch (json.key()) {
        case "path" -> path = json.escaped();
        case "xattrs" -> {
          json.startObject();
          while (json.nextKey()) {
            json.requireAtMost(MOST_HELD, xattrs.size() + 1);
            xattrs.put(json.escapedKey(), json.binary());
          }
        }
        default -> json.skip();
      }
    }
    listener.xattrs(new FileXattrs(json.required(path, "path"), xattrs));
  }

  private void specialFile(AnnexTokens json) throws IOException {
    String path = null;
    String type = null;
    int mode = 0;
    long[] numbers = new long[4];
    while (json.nextKey()) {
      switch (json.key()) {
        case "path" -> path = json.escaped();
        case "type" -> type = json.escaped();
        case "mode" -> mode = json.permissions();
        case "uid" -> numbers[0] = json.number(AnnexTokens.U32);
        case "gid" -> numbers[1] = json.number(AnnexTokens.U32);
        case "major" -> numbers[2] = json.number(AnnexTokens.U32);
        case "minor" -> numbers[3] = json.number(AnnexTokens.U32);
        default -> json.skip();
      }
    }
    listener.specialFile(
        new SpecialFile(
            json.required(path, "path"),
            json.required(type, "type"),
            mode,
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3]));
  }

  private void remark(AnnexTokens json) throws IOException {
    String id = null;
    String path = null;
    String detail = null;
    while (json.nextKey()) {
      switch (json.key()) {
        case "id" -> id = json.escaped();
        case "path" -> path = json.escaped();
        case "detail" -> detail = json.text();
        default -> json.skip();
      }
    }
    listener.remark(
        new Remark(
            json.required(id, "id"), json.required(path, "path"), json.required(detail, "detail")));
  }

  private static Digest digest(AnnexTokens json) throws IOException {
    json.text();
    return parse(json);
  }

  /** The digest in the current string. */
  private static Digest parse(AnnexTokens json) throws IOException {
    String text = json.current();
    try {
      return Digest.parse(text);
    } catch (SourceException e) {
      throw json.unexpected("a digest", Escapes.quote(text));
    }
  }
}
