package io.daxconv.converter.compress;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32;

/**
 * Reads gzip (RFC 1952): any number of members in a row are one stream, as eStargz and pigz write
 * them, and zeros may follow the last. Anything else behind a member is an error; Java's own reader
 * takes it for the end, and what stands in a member with a damaged header would be lost.
 */
final class GzipChannel implements ReadableByteChannel {
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final ReadableByteChannel blob;
  private final Inflate inflate;
  private final CRC32 crc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private final InputBuffer in = new InputBuffer(Inflate.MAX_UNREAD);
  private long length;
  private boolean inMember;
  private boolean first = true;
  private boolean open = true;

  /** Takes the blob, which is closed with it, and the decoder for its members. */
  GzipChannel(ReadableByteChannel blob, Inflate inflate) {
    this.blob = blob;
    this.inflate = inflate;
  }

  @Override
  public int read(ByteBuffer out) throws IOException {
    int start = out.position();
    while (out.position() == start && out.hasRemaining()) {
      if (!inMember && !startMember()) {
        return -1;
      }
      inflate(out);
    }
    return out.position() - start;
  }

  private void inflate(ByteBuffer out) throws IOException {
    if (!in.fill(blob)) {
      throw new EOFException();
    }
    int from = out.position();
    boolean ended = inflate.inflate(in.bytes(), out);
    crc.update(out.slice(from, out.position() - from));
    length += out.position() - from;
    if (ended) {
      endMember();
    }
  }

  private boolean startMember() throws IOException {
    if (!in.fill(blob)) {
      if (first) {
        throw new EOFException();
      }
      return false;
    }
    if (!first && in.bytes().get(in.bytes().position()) == 0) {
      skipZeros();
      return false;
    }
    readHeader();
    inflate.reset();
    crc.reset();
    length = 0;
    first = false;
    inMember = true;
    return true;
  }

  private void readHeader() throws IOException {
    headerCrc.reset();
    if (next() != 0x1f || next() != 0x8b) {
      throw Inflate.corrupt(
          "behind a member, expected another, zeros or the end, found something else");
    }
    if (next() != 8) {
      throw Inflate.corrupt("expected compression method 8 in a member's header");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw Inflate.corrupt("expected no reserved flags in a member's header");
    }
    for (int i = 0; i < 6; i++) {
      next();
    }
    if ((flags & FEXTRA) != 0) {
      int extra = next() | (next() << 8);
      for (int i = 0; i < extra; i++) {
        next();
      }
    }
    skipText((flags & FNAME) != 0);
    skipText((flags & FCOMMENT) != 0);
    if ((flags & FHCRC) != 0) {
      int expected = (int) headerCrc.getValue() & 0xffff;
      if ((next() | (next() << 8)) != expected) {
        throw Inflate.corrupt("the checksum of a member's header does not hold");
      }
    }
  }

  private void skipText(boolean there) throws IOException {
    while (there && next() != 0) {}
  }

  private void endMember() throws IOException {
    long expected = 0;
    for (int i = 0; i < 8; i++) {
      expected |= (long) next() << (8 * i);
    }
    long found = crc.getValue() | ((length & 0xffffffffL) << 32);
    if (expected != found) {
      throw Inflate.corrupt("a member's checksum or length does not hold");
    }
    inMember = false;
  }

  private void skipZeros() throws IOException {
    do {
      while (in.bytes().hasRemaining()) {
        if (in.bytes().get() != 0) {
          throw Inflate.corrupt(
              "behind the last member, expected zeros or the end, found something else");
        }
      }
    } while (in.fill(blob));
  }

  /** The next byte of a member's header or trailer. */
  private int next() throws IOException {
    if (!in.fill(blob)) {
      throw new EOFException();
    }
    int value = in.bytes().get() & 0xff;
    headerCrc.update(value);
    return value;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      inflate.close();
      blob.close();
    }
  }
}
