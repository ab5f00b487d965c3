package io.daxconv.oci.publish;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.daxconv.converter.source.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * A file in zstd frames that know nothing of each other, each {@link #FRAME} bytes of the file, the
 * last perhaps fewer, and behind them a seek table: any part can be fetched and decompressed alone,
 * and every zstd decoder reads the whole. The table is that of zstd's seekable format, version
 * 0.1.0 (contrib/seekable_format/zstd_seekable_compression_format.md in facebook/zstd), without
 * checksums, for each frame has its own:
 *
 * <pre>
 * u32 magic of a skippable frame (0x184D2A5E) | u32 size of what follows
 * for each frame: u32 compressed size | u32 decompressed size
 * u32 number of frames | u8 descriptor (0) | u32 magic (0x8F92EAB1)
 * </pre>
 */
final class SeekableFrames {
  /** Bytes of the file in one frame. */
  static final int FRAME = 4 << 20;

  static final int SKIPPABLE_MAGIC = 0x184D2A5E;
  static final int SEEKABLE_MAGIC = 0x8F92EAB1;
  private static final int LEVEL = 3;

  private final FileChannel from;
  private final long size;
  private final FileChannel to;
  private final MessageDigest hash = Digest.Algorithm.SHA256.newHash();
  private final List<Integer> sizes = new ArrayList<>();
  private long at;

  private SeekableFrames(FileChannel from, long size, FileChannel to) {
    this.from = from;
    this.size = size;
    this.to = to;
  }

  /**
   * What was written.
   *
   * @param digest of the compressed bytes
   * @param size of the compressed bytes
   * @param contentDigest of the file
   */
  record Written(Digest digest, long size, Digest contentDigest) {}

  /**
   * Compresses a file, a few frames at once; the same file gives the same bytes.
   *
   * @param size how many bytes of it
   * @param to an empty file
   * @param progress hears how many bytes of the file are done
   */
  static Written write(
      FileChannel from, long size, FileChannel to, int threads, LongConsumer progress)
      throws IOException {
    return new SeekableFrames(from, size, to).write(threads, progress);
  }

  private Written write(int threads, LongConsumer progress) throws IOException {
    MessageDigest content = Digest.Algorithm.SHA256.newHash();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Deque<Future<ByteBuffer>> ahead = new ArrayDeque<>();
      for (long read = 0; read < size || !ahead.isEmpty(); ) {
        while (read < size && ahead.size() <= threads) {
          byte[] frame = read(read, (int) Math.min(FRAME, size - read));
          read += frame.length;
          content.update(frame);
          ahead.add(pool.submit(() -> compress(frame)));
        }
        append(taken(ahead.remove()));
        progress.accept(Math.min(size, (long) sizes.size() * FRAME));
      }
    } finally {
      pool.shutdownNow();
    }
    appendBytes(seekTable());
    return new Written(
        Digest.of(Digest.Algorithm.SHA256, hash), at, Digest.of(Digest.Algorithm.SHA256, content));
  }

  private byte[] read(long position, int count) throws IOException {
    byte[] frame = new byte[count];
    ByteBuffer rest = ByteBuffer.wrap(frame);
    while (rest.hasRemaining()) {
      if (from.read(rest, position + rest.position()) < 0) {
        throw new EOFException("the file got shorter while it was read");
      }
    }
    return frame;
  }

  private static ByteBuffer compress(byte[] frame) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(LEVEL).setChecksum(true).setContentSize(true);
      return ByteBuffer.wrap(context.compress(frame));
    }
  }

  private static ByteBuffer taken(Future<ByteBuffer> frame) throws IOException {
    try {
      return frame.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ZstdException zstd) {
        throw new IOException("zstd: " + zstd.getMessage(), zstd);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void append(ByteBuffer frame) throws IOException {
    sizes.add(frame.remaining());
    appendBytes(frame);
  }

  private void appendBytes(ByteBuffer bytes) throws IOException {
    hash.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      at += to.write(bytes, at);
    }
  }

  private ByteBuffer seekTable() {
    int payload = sizes.size() * 2 * Integer.BYTES + 2 * Integer.BYTES + 1;
    ByteBuffer table =
        ByteBuffer.allocate(2 * Integer.BYTES + payload).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(SKIPPABLE_MAGIC).putInt(payload);
    for (int i = 0; i < sizes.size(); i++) {
      table.putInt(sizes.get(i)).putInt((int) Math.min(FRAME, size - (long) i * FRAME));
    }
    return table.putInt(sizes.size()).put((byte) 0).putInt(SEEKABLE_MAGIC).flip();
  }
}
