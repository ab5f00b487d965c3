package io.daxconv.converter.compress;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The decoder that every JDK has: zlib's. */
final class JdkInflate implements Inflate {
  private final Inflater inflater = new Inflater(true);

  @Override
  public void reset() {
    inflater.reset();
  }

  @Override
  public boolean inflate(ByteBuffer in, ByteBuffer out) throws CompressionException {
    inflater.setInput(in);
    try {
      while (out.hasRemaining() && inflater.inflate(out) > 0) {}
    } catch (DataFormatException e) {
      throw Inflate.corrupt(String.valueOf(e.getMessage()));
    }
    if (inflater.needsDictionary()) {
      throw Inflate.corrupt("it needs a dictionary");
    }
    return inflater.finished();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
