package io.daxconv.cli.it;

import java.io.IOException;

/** How requests are answered. */
@FunctionalInterface
interface Fault {
  /** Answers one. */
  void answer(FaultExchange exchange) throws IOException;

  /** Only for paths with this end; others are answered right. */
  default Fault on(String end) {
    return exchange -> {
      if (exchange.request().path().endsWith(end)) {
        answer(exchange);
      } else {
        exchange.pass();
      }
    };
  }

  /** Only when a path is asked for the first time. */
  default Fault once() {
    return then(FaultExchange::pass);
  }

  /** Only when a path is asked for the first time; then another. */
  default Fault then(Fault next) {
    return exchange -> {
      if (exchange.turn() == 1) {
        answer(exchange);
      } else {
        next.answer(exchange);
      }
    };
  }

  /** The answer ends after so many bytes of its body. */
  static Fault cut(int bytes) {
    return exchange -> exchange.part(bytes).hangUp();
  }

  /** The connection is reset after so many bytes. */
  static Fault reset(int bytes) {
    return exchange -> exchange.part(bytes).reset();
  }

  /** Nothing more comes after so many bytes. */
  static Fault stall(int bytes) {
    return exchange -> exchange.part(bytes).waitForHangUp();
  }

  /** Not even headers come. */
  static Fault silence() {
    return FaultExchange::waitForHangUp;
  }

  /** After so many bytes the rest comes one by one. */
  static Fault drip(int bytes) {
    return exchange -> exchange.part(bytes).drip(bytes);
  }

  /** One bit is another. */
  static Fault flip(int at) {
    return exchange -> {
      byte[] body = exchange.answer().body().clone();
      body[Math.floorMod(at, body.length)] ^= 1;
      exchange.send(exchange.answer().head(), body);
    };
  }

  /** Another status, with headers. */
  static Fault status(int status, String... headers) {
    return exchange -> exchange.status(status, headers);
  }

  /** A right body of which a header says something else. */
  static Fault header(String name, String value) {
    return exchange -> {
      exchange.send(exchange.answer().head().with(name, value), exchange.answer().body());
      exchange.hangUp();
    };
  }

  /** The body whole, whatever was asked for. */
  static Fault whole() {
    return exchange -> exchange.forward(exchange.request().with("Range", null)).pass();
  }
}
