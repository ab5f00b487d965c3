package io.daxconv.oci.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon of the test's own that answers one request for each connection. */
@Timeout(60)
class DockerDaemonTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);

  @TempDir Path temp;
  private final ServerSocketChannel server;
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final List<String> asked = new CopyOnWriteArrayList<>();

  DockerDaemonTest() throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private byte[] saved() {
    byte[] config = ImageBlobs.config(AMD64, List.of(layer)).getBytes(StandardCharsets.UTF_8);
    String name = Digest.sha256(config).hex() + ".json";
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("l/layer.tar", layer);
    files.put(name, config);
    files.put(
        "manifest.json",
        "[{\"Config\":\"%s\",\"RepoTags\":[\"r:1\",\"r:2\"],\"Layers\":[\"l/layer.tar\"]}]"
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8));
    return ImageBlobs.tar(files);
  }

  private static byte[] chunked(byte[] body, int end) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    out.writeBytes(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int at = 0; at < end; at += 1000) {
      int some = Math.min(1000, end - at);
      out.writeBytes(ascii(Integer.toHexString(some) + "\r\n"));
      out.write(body, at, some);
      out.writeBytes(ascii("\r\n"));
    }
    out.writeBytes(ascii(end < body.length ? "" : "0\r\n\r\n"));
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private SourceImage open(byte[] answer) throws IOException {
    return open("r:1", answer);
  }

  private SourceImage open(String reference, byte[]... answers) throws IOException {
    Path socket = temp.resolve("d.sock");
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual()
        .start(
            () -> {
              for (byte[] answer : answers) {
                serve(answer);
              }
            });
    SourceOptions options =
        SourceOptions.builder(Map.of("DOCKER_HOST", "unix://" + socket), temp)
            .cacheDir(temp.resolve("cache"))
            .build();
    return ImageSources.open("docker-daemon:" + reference, options);
  }

  private void serve(byte[] answer) {
    try (SocketChannel socket = server.accept();
        OutputStream out = Channels.newOutputStream(socket)) {
      byte[] request = new byte[4096];
      int read = Channels.newInputStream(socket).read(request);
      asked.add(
          new String(request, 0, Math.max(0, read), StandardCharsets.US_ASCII).split(" ", -1)[1]);
      out.write(answer);
    } catch (IOException clientIsGone) {
      return;
    }
  }

  private List<Path> cache() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("cache"))) {
      return files.toList();
    }
  }

  @Test
  void readsWhatTheDaemonSaves() throws IOException {
    byte[] saved = saved();
    try (SourceImage image = open(chunked(saved, saved.length));
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      assertThat(in.readAllBytes()).isEqualTo(layer);
      assertThat(image.provenance().reference()).isEqualTo("docker-daemon:r:1");
    }
    assertThat(asked).containsExactly("/images/r%3A1/get");
    assertThat(cache()).isEmpty();
  }

  @Test
  void findsThatTheStreamWasCut() throws IOException {
    byte[] saved = saved();
    assertThatThrownBy(() -> open(chunked(saved, 2000)))
        .hasMessage("docker-daemon:r:1: the answer ends too early");
    assertThat(cache()).isEmpty();
  }

  @Test
  void aNameWithoutATagIsItsLatestOrTheOnlyOne() throws IOException {
    byte[] saved = saved();
    byte[] none = ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}");
    try (SourceImage image = open("h:5000/r", none, chunked(saved, saved.length))) {
      assertThat(image.provenance().reference()).isEqualTo("docker-daemon:h:5000/r");
    }
    assertThat(asked)
        .containsExactly("/images/h%3A5000%2Fr%3Alatest/get", "/images/h%3A5000%2Fr/get");
  }

  @Test
  void anIdHasNoTag() throws IOException {
    byte[] saved = saved();
    open("0123456789ab", chunked(saved, saved.length)).close();
    assertThat(asked).containsExactly("/images/0123456789ab/get");
  }

  @Test
  void tellsWhatTheDaemonSays() {
    String body = "{\"message\":\"No such image: r:1\"}";
    assertThatThrownBy(
            () ->
                open(
                    ascii(
                        "HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(body.length(), body))))
        .hasMessage("docker-daemon:r:1: the Docker daemon answered 404 \"No such image: r:1\"");
  }
}
