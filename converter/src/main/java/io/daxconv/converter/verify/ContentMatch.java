package io.daxconv.converter.verify;

import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Compares a file's bytes, while they come, with a file of an image that begins like it, which
 * costs far less than hashing both. Where no such file holds the same, what has come so far is
 * hashed from the image and the rest as it comes.
 */
public final class ContentMatch implements DataSink {
  private static final int ZEROS = 1 << 16;
  private static final ByteBuffer ZERO_BYTES = ByteBuffer.allocateDirect(ZEROS).asReadOnlyBuffer();

  private final ImageContents contents;
  private final ContentIndex index;
  private final long size;
  private final ByteBuffer head;

  private MemorySegment[] candidates = {};
  private int candidate;
  private long compared;
  private @Nullable MessageDigest hash;

  ContentMatch(ImageContents contents, ContentIndex index, long size) {
    this.contents = contents;
    this.index = index;
    this.size = size;
    this.head = ByteBuffer.allocate((int) Math.min(size, ContentIndex.HEAD));
  }

  @Override
  public void data(ByteBuffer bytes) {
    ByteBuffer left = bytes.duplicate();
    if (head.hasRemaining()) {
      int count = Math.min(head.remaining(), left.remaining());
      head.put(left.slice(left.position(), count));
      left.position(left.position() + count);
      if (!head.hasRemaining()) {
        begin();
      }
    }
    if (left.hasRemaining()) {
      compare(left);
    }
  }

  @Override
  public void hole(long length) {
    for (long left = length; left > 0; ) {
      int count = (int) Math.min(left, ZEROS);
      data(ZERO_BYTES.slice(0, count));
      left -= count;
    }
  }

  /** What came, once all has come. */
  public FileContent content() {
    if (hash == null && size > 0) {
      return new FileContent.Stored(contents, candidates[candidate]);
    }
    MessageDigest all = hash == null ? Digest.Algorithm.SHA256.newHash() : hash;
    return new FileContent.Hashed(Digest.of(Digest.Algorithm.SHA256, all));
  }

  private void begin() {
    head.flip();
    candidates = index.candidates(size, head);
    compared = head.limit();
    if (candidates.length == 0) {
      MessageDigest all = Digest.Algorithm.SHA256.newHash();
      all.update(head.duplicate());
      hash = all;
    }
    head.position(head.limit());
  }

  private void compare(ByteBuffer bytes) {
    if (hash == null) {
      MemorySegment next = MemorySegment.ofBuffer(bytes);
      MemorySegment known = candidates[candidate].asSlice(0, compared);
      if (holds(candidates[candidate], next) || another(known, next)) {
        compared += next.byteSize();
        return;
      }
      hash = hashOf(known);
    }
    hash.update(bytes);
  }

  private boolean holds(MemorySegment file, MemorySegment next) {
    long end = compared + next.byteSize();
    return end <= file.byteSize()
        && MemorySegment.mismatch(file, compared, end, next, 0, next.byteSize()) < 0;
  }

  /** Goes on to a file that holds all that has come. */
  private boolean another(MemorySegment known, MemorySegment next) {
    while (++candidate < candidates.length) {
      MemorySegment file = candidates[candidate];
      if (file.asSlice(0, compared).mismatch(known) < 0 && holds(file, next)) {
        return true;
      }
    }
    return false;
  }

  private static MessageDigest hashOf(MemorySegment bytes) {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    for (long at = 0; at < bytes.byteSize(); at += ZEROS) {
      hash.update(bytes.asSlice(at, Math.min(ZEROS, bytes.byteSize() - at)).asByteBuffer());
    }
    return hash;
  }
}
