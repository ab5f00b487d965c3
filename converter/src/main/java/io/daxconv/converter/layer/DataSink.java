package io.daxconv.converter.layer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the bytes of one regular file, in order; data and holes together are the whole of it. */
public interface DataSink {
  /** The next bytes; the buffer belongs to the caller and changes afterwards. */
  void data(ByteBuffer bytes) throws IOException;

  /** The next bytes are this many zeros that were never stored. */
  void hole(long length) throws IOException;
}
