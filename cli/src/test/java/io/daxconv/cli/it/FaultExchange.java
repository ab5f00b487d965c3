package io.daxconv.cli.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One request, what the registry says to it, and what the client gets. */
final class FaultExchange {
  private static final int DRIP_MILLIS = 20;

  private final HttpHead request;
  private final long turn;
  private final Registry registry;
  private final Socket client;
  private HttpHead forwarded;
  private @Nullable Answer answer;
  private boolean reusable;

  FaultExchange(HttpHead request, long turn, Registry registry, Socket client) {
    this.request = request;
    this.forwarded = request;
    this.turn = turn;
    this.registry = registry;
    this.client = client;
  }

  /** Where answers come from. */
  @FunctionalInterface
  interface Registry {
    Answer ask(HttpHead request) throws IOException;
  }

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(HttpHead head, byte[] body) {}

  HttpHead request() {
    return request;
  }

  /** The how manieth request of its path it is. */
  long turn() {
    return turn;
  }

  /** Whether the answer was right and the client can ask for more. */
  boolean reusable() {
    return reusable;
  }

  /** What the registry says. */
  Answer answer() throws IOException {
    Answer known = answer;
    if (known == null) {
      known = registry.ask(forwarded);
      answer = known;
    }
    return known;
  }

  /** Asks the registry something else. */
  FaultExchange forward(HttpHead instead) {
    forwarded = instead;
    return this;
  }

  /** Answers as the registry does. */
  void pass() throws IOException {
    send(answer().head(), answer().body());
  }

  /** Sends an answer of this length. */
  void send(HttpHead head, byte[] body) throws IOException {
    head(
        head.header("Content-Length") == null
            ? head.with("Content-Length", "" + body.length)
            : head);
    client.getOutputStream().write(body);
    reusable = true;
  }

  private void head(HttpHead head) throws IOException {
    HttpHead sent =
        new HttpHead(head.first().replace("HTTP/1.0", "HTTP/1.1"), head.headers())
            .with("Connection", null);
    client.getOutputStream().write(sent.bytes());
  }

  /** Sends the headers, and no more than this of the body. */
  FaultExchange part(int bytes) throws IOException {
    head(answer().head());
    client.getOutputStream().write(answer().body(), 0, Math.min(bytes, answer().body().length));
    client.getOutputStream().flush();
    return this;
  }

  /** Sends an answer without a body. */
  void status(int status, String... headers) throws IOException {
    List<String> lines = Stream.concat(Stream.of("Content-Length: 0"), Stream.of(headers)).toList();
    send(new HttpHead("HTTP/1.1 " + status + " X", lines), new byte[0]);
  }

  /** The connection is closed when the fault returns. */
  void hangUp() {
    reusable = false;
  }

  /** The connection is closed with a reset (RFC 9293, 3.10.7.4). */
  void reset() throws IOException {
    client.setSoLinger(true, 0);
    hangUp();
  }

  /** Sends nothing more; ends when the client does. */
  void waitForHangUp() throws IOException {
    hangUp();
    int next = client.getInputStream().read();
    if (next >= 0) {
      throw new IOException("expected the client to hang up, found another request");
    }
  }

  /** Sends what is behind this place one byte after another; ends when the client does. */
  void drip(int from) throws IOException {
    hangUp();
    OutputStream out = client.getOutputStream();
    byte[] body = answer().body();
    for (int i = from; i < body.length; i++) {
      out.write(body[i]);
      out.flush();
      try {
        Thread.sleep(DRIP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }
}
