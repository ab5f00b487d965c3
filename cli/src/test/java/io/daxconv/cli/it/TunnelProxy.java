package io.daxconv.cli.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that makes tunnels (RFC 9110, 9.3.6): whatever host is named, all of them end at
 * the same port of this machine.
 */
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final @Nullable String expected;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpHead> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Starts it.
   *
   * @param user {@code USER:PASSWORD} that it asks for; null for none
   */
  TunnelProxy(int target, @Nullable String user) throws IOException {
    this.target = target;
    this.expected =
        user == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** {@code 127.0.0.1:PORT}. */
  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** What it was asked. */
  List<HttpHead> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closing) {
      // That is how it ends.
      return;
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setSoTimeout(FaultProxy.LONGEST_SILENCE_MILLIS);
      HttpHead request = HttpHead.read(client.getInputStream());
      if (request == null) {
        return;
      }
      requests.add(request);
      if (!request.first().startsWith("CONNECT ")) {
        answer(client.getOutputStream(), "405 Method Not Allowed");
      } else if (expected != null && !expected.equals(request.header("Proxy-Authorization"))) {
        answer(
            client.getOutputStream(),
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"here\"");
      } else {
        tunnel(client);
      }
    } catch (IOException e) {
      // Either side may hang up whenever it likes.
      return;
    } finally {
      open.remove(client);
    }
  }

  private static void answer(OutputStream out, String status) throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void tunnel(Socket client) throws IOException {
    try (Socket to = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(to);
      client
          .getOutputStream()
          .write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      threads.execute(() -> copy(client, to));
      copy(to, client);
      open.remove(to);
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other direction ends with it.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
    threads.shutdownNow();
  }
}
