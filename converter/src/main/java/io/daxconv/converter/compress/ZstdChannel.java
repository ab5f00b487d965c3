package io.daxconv.converter.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.daxconv.converter.text.Escapes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads zstd (RFC 8878): any number of frames in a row are one stream, and frames that are to be
 * skipped may stand between them, as zstd:chunked writes them.
 */
final class ZstdChannel implements ReadableByteChannel {
  private final ReadableByteChannel blob;
  private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();
  private final InputBuffer in = new InputBuffer(0);
  private boolean betweenFrames = true;
  private boolean outFull;
  private boolean open = true;

  ZstdChannel(ReadableByteChannel blob) {
    this.blob = blob;
  }

  @Override
  public int read(ByteBuffer out) throws IOException {
    int start = out.position();
    while (out.position() == start && out.hasRemaining()) {
      // A decoder that filled its last output may hold more, without any input.
      if (!in.fill(blob) && !outFull) {
        if (!betweenFrames) {
          throw new EOFException();
        }
        return -1;
      }
      try {
        betweenFrames = decoder.decompressDirectByteBufferStream(out, in.bytes());
      } catch (ZstdException e) {
        throw new CompressionException(
            "corrupt layer: its compressed data cannot be read: "
                + Escapes.quote(String.valueOf(e.getMessage())),
            e);
      }
      outFull = !out.hasRemaining() && !betweenFrames;
    }
    return out.position() - start;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      decoder.close();
      blob.close();
    }
  }
}
