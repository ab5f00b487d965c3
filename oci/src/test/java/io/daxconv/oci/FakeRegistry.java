package io.daxconv.oci;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A registry on the loopback interface that answers what it is told, remembers what it was asked,
 * and can break off wherever a test wants: one request for each connection.
 */
public final class FakeRegistry implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Gate gate = (request, reply) -> true;

  /** What was asked; header names in lower case. */
  public record Request(String method, URI uri, Map<String, String> headers, String body) {
    /** The header with credentials, or null. */
    public @Nullable String authorization() {
      return headers.get("authorization");
    }
  }

  /** Answers one request. */
  @FunctionalInterface
  public interface Handler {
    void handle(Request request, Answer answer) throws IOException;
  }

  /** Lets a request through, or answers it and does not. */
  @FunctionalInterface
  public interface Gate {
    boolean open(Request request, Answer answer) throws IOException;
  }

  /** Where the answer goes. */
  public record Answer(OutputStream out) {
    /** Sends an answer with a body. */
    public void send(int status, String contentType, byte[] body) throws IOException {
      send(status, body, "Content-Type: " + contentType);
    }

    /** Sends headers and a body. */
    public void send(int status, byte[] body, String... headers) throws IOException {
      head(status, body.length, headers);
      out.write(body);
    }

    /** Sends an answer up to its body, which the sender says will be this long. */
    public void head(int status, long length, String... headers) throws IOException {
      String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      out.write(
          "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(status, lines, length)
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Answers as registries tell errors. */
    public void error(int status, String code, String message, String... headers)
        throws IOException {
      String body = "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message);
      send(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }
  }

  public FakeRegistry() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** With sockets of a kind, for TLS. */
  public FakeRegistry(ServerSocketFactory sockets) throws IOException {
    server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (SocketException closed) {
      // That is how it ends.
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(socket.getInputStream());
      Answer answer = new Answer(socket.getOutputStream());
      if (request == null) {
        answer.send(400, "text/plain", new byte[0]);
        return;
      }
      requests.add(request);
      if (gate.open(request, answer)) {
        handlers
            .getOrDefault(
                request.uri().getPath(),
                (r, a) -> a.error(404, "MANIFEST_UNKNOWN", "manifest unknown"))
            .handle(request, answer);
      }
      answer.out().flush();
    } catch (IOException e) {
      // A client may hang up whenever it likes.
      return;
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String[] first = line(in).split(" ", -1);
    if (first.length != 3 || !first[2].startsWith("HTTP/")) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(first[0], URI.create(first[1]), headers, body);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** What was asked so far. */
  public List<Request> requests() {
    return requests;
  }

  /** How often a path was asked for. */
  public long count(String path) {
    return requests.stream().filter(request -> request.uri().getPath().equals(path)).count();
  }

  /** Asks this before every answer. */
  public void gate(Gate value) {
    gate = value;
  }

  /** Answers a path. */
  public void on(String path, Handler handler) {
    handlers.put(path, handler);
  }

  /** Serves all blobs of images, as blobs and as manifests. */
  public void serve(String repository, ImageBlobs images) {
    images
        .blobs()
        .forEach(
            (digest, bytes) -> {
              serve("/v2/" + repository + "/blobs/" + digest, "application/octet-stream", bytes);
              serve("/v2/" + repository + "/manifests/" + digest, type(bytes), bytes);
            });
  }

  /** Gives a manifest or index a tag. */
  public void tag(String repository, String tag, ImageBlobs images, Digest digest) {
    byte[] bytes = images.blobs().getOrDefault(digest, new byte[0]);
    serve("/v2/" + repository + "/manifests/" + tag, type(bytes), bytes);
  }

  private void serve(String path, String contentType, byte[] bytes) {
    on(path, (request, answer) -> answer.send(200, contentType, bytes));
  }

  private static String type(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.contains("\"manifests\"") ? ImageBlobs.OCI_INDEX : ImageBlobs.OCI_MANIFEST;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
