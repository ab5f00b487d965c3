package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that asks for a password, and one that sends its clients to a token server. */
@RequiresTools({"docker-registry", "skopeo"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class FaultyAuthTest {
  /** Of {@code secret}, by crypt(3). */
  private static final String BCRYPT =
      "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";

  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));

  private FaultImage image;
  private LocalRegistry registry;
  private FaultProxy proxy;

  @TempDir private Path directory;
  private Path output;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    image = FaultImage.gzipped(shared, 100_000);
    registry = LocalRegistry.startWithPassword(shared.resolve("registry"), "me", BCRYPT);
    registry.put(image, "a/b:latest", "--dest-creds", "me:secret");
    proxy = new FaultProxy(registry.host());
  }

  @AfterAll
  void stop() throws IOException {
    proxy.close();
    registry.close();
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    proxy.fault(FaultExchange::pass);
    output = Files.createDirectories(directory.resolve("outputs")).resolve("image.daxfs");
  }

  private Daxconv run(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("convert", "-q", proxy.host() + "/a/b"));
    command.addAll(List.of("-o", output.toString()));
    command.addAll(List.of("--retry-times", "1", "--retry-delay", "0.01", "--timeout", "5"));
    command.addAll(List.of(options));
    return Daxconv.run(directory.resolve("home"), command.toArray(String[]::new));
  }

  private void converts(String... options) throws IOException {
    run(options).output();
    assertThat(image.isWhole(output)).isTrue();
  }

  private void fails(String message, String... options) throws IOException {
    Daxconv run = run(options);
    assertThat(run.exit()).as(run.err()).isOne();
    assertThat(run.err().lines().toList().getLast())
        .matches("daxconv: .*" + message)
        .doesNotContain("secret", "wrong");
    assertThat(FaultImage.names(directory.resolve("outputs"))).isEmpty();
  }

  @Test
  void aPasswordIsAskedFor() throws IOException {
    fails("unauthorized to pull image .*: give --creds or log in: no credentials for .*");
    fails("give others with --creds or log in: .* were refused.*", "--creds", "me:wrong");
    converts("--creds", "me:secret");
  }

  @Test
  void aPasswordIsNotSentBeforeItIsAskedFor() throws IOException {
    converts("--creds", "me:secret");
    List<HttpHead> asked = proxy.requests();
    assertThat(asked.getFirst().header("Authorization")).isNull();
    assertThat(asked.subList(1, asked.size()))
        .allMatch(request -> BASIC.equals(request.header("Authorization")));
  }

  @Test
  void faultsAndPasswordsGoTogether() throws IOException {
    String layer = "/blobs/" + image.layers().getLast();
    proxy.fault(Fault.cut(70_000).on(layer).once());
    converts("--creds", "me:secret");
    assertThat(proxy.asked(layer)).isEqualTo(2);
  }

  /** Sends clients to a token server at the same place; a token is good for so many requests. */
  private final class Tokens implements Fault {
    private final int uses;
    private final @Nullable Fault instead;
    private final boolean once;
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    Tokens(int uses, @Nullable Fault instead, boolean once) {
      this.uses = uses;
      this.instead = instead;
      this.once = once;
    }

    @Override
    public void answer(FaultExchange exchange) throws IOException {
      HttpHead request = exchange.request();
      if (request.path().startsWith("/token?")) {
        if (instead != null && (!once || exchange.turn() == 1)) {
          instead.answer(exchange);
        } else {
          give(exchange);
        }
      } else if (("Bearer t" + number).equals(request.header("Authorization"))
          && left.getAndDecrement() > 0) {
        exchange.forward(request.with("Authorization", BASIC)).pass();
      } else {
        exchange.status(
            401,
            "WWW-Authenticate: Bearer realm=\"http://%s/token\",service=\"here\",scope=\"repository:a/b:pull\""
                .formatted(proxy.host()));
      }
    }

    /** Gives a token to who says the password. */
    private void give(FaultExchange exchange) throws IOException {
      if (!BASIC.equals(exchange.request().header("Authorization"))) {
        exchange.status(401);
        return;
      }
      left.set(uses);
      String token = "t" + number.incrementAndGet();
      byte[] body = "{\"token\":\"%s\"}".formatted(token).getBytes(UTF_8);
      exchange.send(
          new HttpHead("HTTP/1.1 200 OK", List.of("Content-Type: application/json")), body);
    }
  }

  @Test
  void aTokenIsGotOnceAndUsedForAll() throws IOException {
    proxy.fault(new Tokens(100, null, false));
    converts("--creds", "me:secret");
    assertThat(proxy.requests().stream().filter(r -> r.path().startsWith("/token?")))
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.path())
                    .isEqualTo("/token?service=here&scope=repository%3Aa%2Fb%3Apull"));
  }

  @Test
  void aTokenThatIsUsedUpIsGotAnew() throws IOException {
    proxy.fault(new Tokens(1, null, false));
    converts("--creds", "me:secret", "--max-downloads", "1");
    assertThat(proxy.requests().stream().filter(r -> r.path().startsWith("/token?")).count())
        .isGreaterThan(1);
  }

  @Test
  void aTokenServerThatFailsOnceIsAskedAgain() throws IOException {
    for (Fault fault : List.of(Fault.status(503), Fault.status(429), Fault.silence())) {
      proxy.fault(new Tokens(100, fault, true));
      converts("--creds", "me:secret");
      Files.delete(output);
    }
  }

  @Test
  void aTokenServerThatRefusesIsNamed() throws IOException {
    proxy.fault(new Tokens(100, null, false));
    fails("unauthorized.* 401.*", "--creds", "me:wrong");
    proxy.fault(new Tokens(100, Fault.status(403), false));
    fails("/token.* 403.*", "--creds", "me:secret");
    proxy.fault(new Tokens(100, Fault.status(503), false));
    fails("/token.* 503.*", "--creds", "me:secret");
    proxy.fault(
        new Tokens(
            100,
            exchange ->
                exchange.send(
                    new HttpHead("HTTP/1.1 200 OK", List.of()), "{\"token\":7}".getBytes(UTF_8)),
            false));
    fails("token from http://.*/token: token: expected .*", "--creds", "me:secret");
  }
}
