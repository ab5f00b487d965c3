package io.daxconv.oci.daemon;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One GET over a Unix socket (RFC 9112), which the JDK's HTTP client cannot do. The body ends where
 * its length or its last chunk says, or fails.
 */
final class UnixHttp implements Closeable {
  private static final int LONGEST_LINE = 1 << 13;
  private static final int MOST_HEADERS = 200;

  private final SocketChannel socket;
  private final InputStream in;
  private final int status;
  private long length = -1;
  private boolean chunked;

  private UnixHttp(SocketChannel socket, String path) throws IOException {
    this.socket = socket;
    ByteBuffer request =
        ByteBuffer.wrap(
            "GET %s HTTP/1.1\r\nHost: docker\r\nUser-Agent: daxconv\r\nConnection: close\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    while (request.hasRemaining()) {
      socket.write(request);
    }
    this.in = new BufferedInputStream(Channels.newInputStream(socket), 1 << 17);
    String line = line();
    if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      throw new SourceException("expected an HTTP answer, found another");
    }
    this.status = Integer.parseInt(line.substring(9, 12));
    readHeaders();
  }

  /** Sends the request and reads the answer's head. */
  static UnixHttp get(Path socket, String path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (IOException e) {
        throw new SourceException(
            "Docker daemon: cannot connect to %s: %s"
                .formatted(Escapes.quote(socket.toString()), FailureReason.of(e)),
            e);
      }
      return new UnixHttp(channel, path);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  int status() {
    return status;
  }

  private void readHeaders() throws IOException {
    int count = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT).replaceAll("\\s", "");
      if (lower.startsWith("content-length:")) {
        String digits = lower.substring(15);
        if (!digits.matches("\\d{1,18}")) {
          throw new SourceException("Content-Length: expected a number, found another value");
        }
        length = Long.parseLong(digits);
      } else if (lower.equals("transfer-encoding:chunked")) {
        chunked = true;
      }
      if (++count > MOST_HEADERS) {
        throw new SourceException("expected at most " + MOST_HEADERS + " headers, found more");
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() == LONGEST_LINE) {
        throw c < 0
            ? new EOFException("the answer ends too early")
            : new SourceException("expected lines of at most " + LONGEST_LINE + " bytes");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** The body. */
  InputStream body() {
    return chunked ? new Chunks() : new Plain();
  }

  private final class Plain extends InputStream {
    private long left = length < 0 ? Long.MAX_VALUE : length;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(most, left));
      if (read < 0 && length >= 0) {
        throw new EOFException("the answer ends too early");
      }
      left -= Math.max(0, read);
      return read;
    }
  }

  /** RFC 9112, 7.1. */
  private final class Chunks extends InputStream {
    private long left;
    private boolean begun;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
      if (left == 0 && !ended) {
        next();
      }
      if (ended) {
        return -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(most, left));
      if (read < 0) {
        throw new EOFException("the answer ends too early");
      }
      left -= read;
      return read;
    }

    private void next() throws IOException {
      if (begun) {
        line();
      }
      begun = true;
      String size = line().replaceAll(";.*", "").strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new SourceException("expected the size of a chunk, found something else");
      }
      left = Long.parseLong(size, 16);
      ended = left == 0;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
