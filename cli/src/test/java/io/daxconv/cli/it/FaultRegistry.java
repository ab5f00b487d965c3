package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.daxconv.converter.source.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry on the loopback interface with one image, which can stop in the middle of a blob: one
 * request for each connection. It is best spoken to with {@code --plain-http}: asked whether it
 * speaks TLS, it says nothing.
 */
final class FaultRegistry implements AutoCloseable {
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  private final FaultImage image;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean stalls;

  FaultRegistry(FaultImage image) throws IOException {
    this.image = image;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String reference() {
    return "127.0.0.1:" + server.getLocalPort() + "/a/b";
  }

  String url(Digest blob) {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v2/a/b/blobs/" + blob;
  }

  /** Whether the oldest layer stops halfway, for good. */
  void stall(boolean value) {
    stalls = value;
  }

  /** Lets the oldest layer break off so many times. */
  void cut(int times) {
    cuts.set(times);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closing) {
      // That is how it ends.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      String request = in.readLine();
      if (request != null && request.startsWith("GET /v2/a/b/")) {
        for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
          line = in.readLine();
        }
        answer(request.split(" ", -1)[1], socket.getOutputStream());
      }
    } catch (IOException e) {
      // A client that is killed hangs up.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(String path, OutputStream out) throws IOException, InterruptedException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    Digest digest = name.equals("latest") ? image.manifest() : Digest.parse(name);
    byte[] bytes = Files.readAllBytes(image.blob(digest));
    boolean oldest = digest.equals(image.layers().getFirst());
    boolean stall = oldest && stalls;
    boolean cut = oldest && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    String type = path.contains("/manifests/") ? MANIFEST_TYPE : "application/octet-stream";
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(type, bytes.length)
            .getBytes(US_ASCII));
    out.write(bytes, 0, stall || cut ? bytes.length / 2 : bytes.length);
    out.flush();
    if (stall) {
      closed.await();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    threads.shutdownNow();
  }
}
