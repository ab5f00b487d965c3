package io.daxconv.oci.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Finds out whether a server on this machine speaks TLS. Registries for tests mostly do not, and
 * one that does not must not be waited for: it is sent the first message of a handshake, and the
 * first byte of what it answers tells (RFC 8446, 5.1: 21 is an alert, 22 a handshake).
 */
final class TlsProbe {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;

  private TlsProbe() {}

  /** Whether it does; not if it says nothing, nothing known, or cannot be reached. */
  static boolean speaksTls(String host, int port, SSLContext tls) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(clientHello(host, port, tls));
      int first = socket.getInputStream().read();
      return first == ALERT || first == HANDSHAKE;
    } catch (IOException e) {
      // The request that follows meets the same and says it better.
      return false;
    }
  }

  private static byte[] clientHello(String host, int port, SSLContext tls) throws IOException {
    SSLEngine engine = tls.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    byte[] bytes = new byte[hello.flip().remaining()];
    hello.get(bytes);
    return bytes;
  }
}
