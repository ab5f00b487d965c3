package io.daxconv.converter.annex;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;

/**
 * The annex as JSON, and back. docs/annex.md describes the shape; keys come in its order, so the
 * same annex always gives the same bytes.
 */
public final class AnnexJson {
  public static final String FORMAT = "daxconv-annex";
  public static final int VERSION = 1;

  /** Bytes of the longest annex that is read. */
  public static final int LONGEST = 256 << 20;

  /** Why no file has a time. */
  public static final String TIMES = "DAXFS v8 holds no times; all files show 1970-01-01";

  /** A little more than the 1000 levels that a config may have by itself. */
  private static final int DEEPEST_NESTING = 1010;

  /**
   * ASCII only, with escapes for the rest: configs may hold halves of surrogate pairs, which UTF-8
   * has no bytes for.
   */
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST_NESTING)
                  .maxDocumentLength(LONGEST)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /** Numbers of a config stay as they were written. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private AnnexJson() {}

  /** Writes an annex; the stream stays open. */
  public static void write(Annex annex, OutputStream out) throws IOException {
    new AnnexWriter(MAPPER.createGenerator(out)).write(annex);
  }

  /** The bytes that {@link #write} writes. */
  public static byte[] toBytes(Annex annex) {
    // Counted first: an array that grows would take three times the memory.
    CountingStream count = new CountingStream();
    try {
      write(annex, count);
      ByteArrayOutputStream bytes = new ExactBytes(Math.toIntExact(count.bytes));
      write(annex, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int each) {
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      bytes += length;
    }
  }

  /** Hands out the array itself, which is full in the end. */
  private static final class ExactBytes extends ByteArrayOutputStream {
    ExactBytes(int size) {
      super(size);
    }

    @Override
    public synchronized byte[] toByteArray() {
      return count == buf.length ? buf : super.toByteArray();
    }
  }

  /**
   * Reads an annex.
   *
   * @param where what messages start with, such as {@code "x.daxfs": annex}; printable
   * @throws CorruptImageException if the bytes are no annex of {@link #VERSION}
   */
  public static Annex read(String where, MemorySegment json) throws CorruptImageException {
    AnnexCollector collector = new AnnexCollector();
    read(where, json, collector);
    return collector.annex();
  }

  /**
   * Reads an annex part by part, in memory that does not grow with it.
   *
   * @throws CorruptImageException if the bytes are no annex of {@link #VERSION}
   */
  public static void read(String where, MemorySegment json, AnnexListener listener)
      throws CorruptImageException {
    if (json.byteSize() > LONGEST) {
      throw new CorruptImageException(
          "%s: expected at most %d bytes, found %d".formatted(where, LONGEST, json.byteSize()));
    }
    new AnnexReader(where, json, listener).read();
  }

  /**
   * The JSON that a pointer points to, its digest checked.
   *
   * @throws CorruptImageException if it is of another version, is not all in the image, or its
   *     digest differs
   */
  public static MemorySegment checked(String name, AnnexPointer pointer, MemorySegment image)
      throws CorruptImageException {
    if (pointer.version() != AnnexPointer.VERSION) {
      throw new CorruptImageException(
          "%s: byte %d: expected an annex pointer of version %d, found version %s"
              .formatted(
                  name,
                  AnnexPointer.POSITION + 8,
                  AnnexPointer.VERSION,
                  Integer.toUnsignedString(pointer.version())));
    }
    Extent extent = new Extent(pointer.offset(), pointer.length());
    if (!isPlaced(extent, image.byteSize())) {
      throw new CorruptImageException(
          "%s: byte %d: expected an annex of at most %d bytes inside the file's %d, found %s"
              .formatted(name, AnnexPointer.POSITION + 16, LONGEST, image.byteSize(), extent));
    }
    MemorySegment json = image.asSlice(extent.offset(), extent.size());
    Digest digest = SegmentDigest.sha256(json);
    if (!digest.equals(pointer.sha256())) {
      throw new CorruptImageException(
          "%s: annex: expected %s, found %s".formatted(name, pointer.sha256(), digest));
    }
    return json;
  }

  /** Whether an annex may stand there: after the superblock, in the file, and not too long. */
  public static boolean isPlaced(Extent annex, long fileSize) {
    return annex.within(fileSize) && annex.offset() >= Superblock.SIZE && annex.size() <= LONGEST;
  }
}
