package io.daxconv.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.daxconv.converter.source.Digest;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry on the loopback interface that has one image, as long as {@link Training} runs: just
 * enough of the distribution specification for the client to load what it needs.
 */
final class TrainingRegistry implements Closeable {
  private static final Pattern MANIFEST =
      Pattern.compile("\"digest\":\\s*\"(sha256:[0-9a-f]{64})\"");

  private final Path blobs;
  private final Path manifest;
  private final ServerSocket server;

  /**
   * Begins to listen.
   *
   * @param layout an OCI layout with one image
   */
  TrainingRegistry(Path layout) throws IOException {
    this.blobs = layout.resolve("blobs/sha256");
    Matcher digest = MANIFEST.matcher(Files.readString(layout.resolve("index.json")));
    if (!digest.find()) {
      throw new IOException(
          layout + ": expected the digest of a manifest in its index, found none");
    }
    this.manifest = blobs.resolve(Digest.parse(digest.group(1)).hex());
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("training registry").start(this::accept);
  }

  /** The image's reference. */
  String reference() {
    return "127.0.0.1:" + server.getLocalPort() + "/hello";
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // That is how it ends.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String request = in.readLine(); request != null; request = in.readLine()) {
        String header = in.readLine();
        while (header != null && !header.isEmpty()) {
          header = in.readLine();
        }
        answer(request.split(" ", -1)[1], socket.getOutputStream());
      }
    } catch (IOException gone) {
      // The client has all it wants, or says itself that it has not.
      return;
    }
  }

  private void answer(String path, OutputStream out) throws IOException {
    boolean tagged = path.endsWith("/manifests/latest");
    Path blob = tagged ? manifest : blobs.resolve(path.substring(path.lastIndexOf(':') + 1));
    byte[] bytes = Files.readAllBytes(blob);
    String type = "application/vnd.oci.image.manifest.v1+json";
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(
                path.contains("/manifests/") ? type : "application/octet-stream", bytes.length)
            .getBytes(US_ASCII));
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
