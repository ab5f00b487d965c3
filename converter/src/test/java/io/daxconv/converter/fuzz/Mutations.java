package io.daxconv.converter.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Changes made to a fuzz test's corpus at random, the same ones in every run: what a build tries
 * where it has no time for Jazzer. {@code -Ddaxconv.fuzz.inputs} says how many, {@code
 * -Ddaxconv.fuzz.seed} which ones.
 */
public final class Mutations {
  private static final int[] TELLING = {0, 1, 2, 7, 8, 0x7f, 0x80, 0xfe, 0xff, '/', '.', '0', '"'};
  private static final int LONGEST = 1 << 14;

  private final SplittableRandom random;
  private final List<byte[]> corpus;

  /** What inputs are given to. */
  @FunctionalInterface
  public interface Target {
    void run(byte[] input) throws IOException;
  }

  private Mutations(long seed, List<byte[]> corpus) {
    this.random = new SplittableRandom(seed);
    this.corpus = corpus;
  }

  /**
   * Gives the target changes of the corpus of a fuzz test.
   *
   * @throws AssertionError if one fails; the input is then in {@code target/fuzz}
   */
  public static void run(Class<?> test, String method, Target target) throws IOException {
    long seed = Long.getLong("daxconv.fuzz.seed", 1);
    int inputs = Integer.getInteger("daxconv.fuzz.inputs", 2000);
    Mutations mutations = new Mutations(seed, corpus(test, method));
    for (int i = 0; i < inputs; i++) {
      byte[] input = mutations.next();
      try {
        Bounded.run(() -> target.run(input));
      } catch (RuntimeException | Error e) {
        Path kept = Files.createDirectories(Path.of("target", "fuzz")).resolve(method + "-" + i);
        Files.write(kept, input);
        throw new AssertionError("seed " + seed + ", input " + i + ", kept in " + kept, e);
      }
    }
  }

  private static List<byte[]> corpus(Class<?> test, String method) throws IOException {
    URL directory = test.getResource(test.getSimpleName() + "Inputs/" + method);
    List<byte[]> corpus = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(directory).toURI()))) {
      for (Path file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return corpus;
  }

  private byte[] next() {
    byte[] input = any();
    for (int left = random.nextInt(1, 6); left > 0; left--) {
      input = changed(input);
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  private byte[] any() {
    return corpus.get(random.nextInt(corpus.size())).clone();
  }

  private byte[] changed(byte[] input) {
    int at = input.length == 0 ? 0 : random.nextInt(input.length);
    int end = Math.min(input.length, at + random.nextInt(1, 33));
    switch (random.nextInt(8)) {
      case 0 -> {
        return join(input, at, new byte[0], end);
      }
      case 1 -> {
        return join(input, at, Arrays.copyOfRange(input, at, end), at);
      }
      case 2 -> {
        byte[] inserted = new byte[random.nextInt(1, 17)];
        Arrays.fill(inserted, telling());
        return join(input, at, inserted, at);
      }
      case 3 -> {
        byte[] other = any();
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        int to = Math.min(other.length, from + random.nextInt(1, 1025));
        byte[] piece = Arrays.copyOfRange(other, from, to);
        return join(input, at, piece, Math.min(input.length, at + piece.length));
      }
      case 4 -> {
        Arrays.fill(input, at, end, telling());
        return input;
      }
      case 5 -> {
        return random.nextInt(4) == 0 ? Arrays.copyOf(input, at) : input;
      }
      default -> {
        if (input.length > 0) {
          input[at] = random.nextBoolean() ? telling() : (byte) (input[at] ^ flip());
        }
        return input;
      }
    }
  }

  private int flip() {
    return 1 << random.nextInt(Byte.SIZE);
  }

  private byte telling() {
    return (byte)
        (random.nextInt(4) == 0 ? random.nextInt(256) : TELLING[random.nextInt(TELLING.length)]);
  }

  /** The input up to a place, something else, and the input from another place on. */
  private static byte[] join(byte[] input, int to, byte[] middle, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(input, 0, to);
    joined.writeBytes(middle);
    joined.write(input, from, input.length - from);
    return joined.toByteArray();
  }
}
