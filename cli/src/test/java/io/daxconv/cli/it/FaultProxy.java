package io.daxconv.cli.it;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;

/**
 * Stands before a registry, on the loopback interface, and answers as a fault wants it to. Answers
 * are taken from the registry whole, so they must fit into memory.
 */
final class FaultProxy implements AutoCloseable {
  /** No client and no server of these tests is silent for so long. */
  static final int LONGEST_SILENCE_MILLIS = 30_000;

  private static final int TLS_HANDSHAKE = 22;

  private final String backend;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpHead> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Fault fault = FaultExchange::pass;

  /**
   * Starts it.
   *
   * @param backend the registry, {@code HOST:PORT}
   */
  FaultProxy(String backend) throws IOException {
    this(backend, ServerSocketFactory.getDefault());
  }

  /** The same, with sockets of a kind, for TLS. */
  FaultProxy(String backend, ServerSocketFactory sockets) throws IOException {
    this(backend, sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** The same, where somebody listens already. */
  FaultProxy(String backend, ServerSocket server) {
    this.backend = backend;
    this.server = server;
    threads.execute(this::accept);
  }

  /** {@code 127.0.0.1:PORT}. */
  String host() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return server.getLocalPort();
  }

  /** What answers from now on; what was asked until now is forgotten. */
  void fault(Fault value) {
    requests.clear();
    fault = value;
  }

  /** What was asked since the fault was set. */
  List<HttpHead> requests() {
    return requests;
  }

  /** How often paths with this end were asked for since the fault was set. */
  long asked(String end) {
    return requests.stream().filter(request -> request.path().endsWith(end)).count();
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

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (one(in, socket)) {
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // A client may hang up whenever it likes.
      return;
    } finally {
      open.remove(socket);
    }
  }

  /** Answers one request; whether the connection can be used again. */
  private boolean one(InputStream in, Socket socket) throws IOException {
    in.mark(1);
    if (in.read() == TLS_HANDSHAKE) {
      return false;
    }
    in.reset();
    HttpHead request = HttpHead.read(in);
    if (request == null) {
      return false;
    }
    requests.add(request);
    FaultExchange exchange =
        new FaultExchange(request, asked(request.path()), this::forward, socket);
    fault.answer(exchange);
    return exchange.reusable();
  }

  /** Asks the registry; without keeping the connection, so that its answer ends where it does. */
  private FaultExchange.Answer forward(HttpHead request) throws IOException {
    int colon = backend.lastIndexOf(':');
    String host = backend.substring(0, colon);
    try (Socket socket = new Socket(host, Integer.parseInt(backend.substring(colon + 1)))) {
      socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
      socket.getOutputStream().write(request.forwarded());
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      HttpHead head = HttpHead.read(in);
      if (head == null) {
        throw new IOException("the registry says nothing");
      }
      return new FaultExchange.Answer(head, in.readAllBytes());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Closeable each : open) {
      each.close();
    }
    threads.shutdownNow();
  }
}
