package io.daxconv.converter.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a target, at positions from 0 to its capacity. */
interface TargetMemory extends Closeable {
  /** How many bytes can be written. */
  long capacity();

  /** Writes all that remains; it must fit. */
  void write(ByteBuffer bytes, long at) throws IOException;

  /** Fills what remains; the bytes must be there. */
  void read(ByteBuffer into, long at) throws IOException;

  /** Brings what was written to where others read it, and forgets what was cached of it. */
  void sync() throws IOException;
}
