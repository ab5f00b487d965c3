package io.daxconv.converter.layer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip (RFC 1952): any number of members in a row are one stream, as eStargz and pigz write
 * them, and zeros may follow the last. Anything else behind a member is an error; Java's own reader
 * takes it for the end, and what stands in a member with a damaged header would be lost.
 */
final class GzipStream extends InputStream {
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private boolean inMember;
  private boolean first = true;

  GzipStream(InputStream in) {
    this.in = in;
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
    while (inMember || startMember()) {
      int read = inflate(bytes, offset, length);
      if (read > 0) {
        crc.update(bytes, offset, read);
        return read;
      }
      endMember();
    }
    return -1;
  }

  /** Inflates some bytes; 0 at the member's end. */
  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (true) {
        int read = inflater.inflate(bytes, offset, length);
        if (read > 0 || inflater.finished()) {
          return read;
        }
        if (inflater.needsDictionary()) {
          throw corrupt("it needs a dictionary");
        }
        if (!fill()) {
          throw new EOFException();
        }
        inflater.setInput(buffer, position, limit - position);
        position = limit;
      }
    } catch (DataFormatException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private boolean startMember() throws IOException {
    if (position == limit && !fill()) {
      if (first) {
        throw new EOFException();
      }
      return false;
    }
    if (!first && buffer[position] == 0) {
      skipZeros();
      return false;
    }
    readHeader();
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    position = limit;
    crc.reset();
    first = false;
    inMember = true;
    return true;
  }

  private void readHeader() throws IOException {
    CRC32 header = new CRC32();
    if (next(header) != 0x1f || next(header) != 0x8b) {
      throw corrupt("behind a member, expected another, zeros or the end, found something else");
    }
    if (next(header) != 8) {
      throw corrupt("expected compression method 8 in a member's header");
    }
    int flags = next(header);
    if ((flags & RESERVED) != 0) {
      throw corrupt("expected no reserved flags in a member's header");
    }
    for (int i = 0; i < 6; i++) {
      next(header);
    }
    if ((flags & FEXTRA) != 0) {
      int length = next(header) | (next(header) << 8);
      for (int i = 0; i < length; i++) {
        next(header);
      }
    }
    skipText((flags & FNAME) != 0, header);
    skipText((flags & FCOMMENT) != 0, header);
    if ((flags & FHCRC) != 0) {
      int expected = (int) header.getValue() & 0xffff;
      if ((next(header) | (next(header) << 8)) != expected) {
        throw corrupt("the checksum of a member's header does not hold");
      }
    }
  }

  private void skipText(boolean there, CRC32 header) throws IOException {
    while (there && next(header) != 0) {}
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    CRC32 unused = new CRC32();
    long expected = 0;
    for (int i = 0; i < 8; i++) {
      expected |= (long) next(unused) << (8 * i);
    }
    long found = crc.getValue() | ((inflater.getBytesWritten() & 0xffffffffL) << 32);
    if (expected != found) {
      throw corrupt("a member's checksum or length does not hold");
    }
    inMember = false;
  }

  private void skipZeros() throws IOException {
    do {
      while (position < limit) {
        if (buffer[position++] != 0) {
          throw corrupt("behind the last member, expected zeros or the end, found something else");
        }
      }
    } while (fill());
  }

  private int next(CRC32 sum) throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException();
    }
    int value = buffer[position++] & 0xff;
    sum.update(value);
    return value;
  }

  /** Reads more once all is used; false at the end. */
  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  private static TarFormatException corrupt(String what) {
    return new TarFormatException("corrupt layer: its gzip data cannot be read: " + what);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
