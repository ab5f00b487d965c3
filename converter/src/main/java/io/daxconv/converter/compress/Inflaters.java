package io.daxconv.converter.compress;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which decoder inflates gzip data: ISA-L where it is installed and does what is expected of it, or
 * the JDK's. The system property {@code daxconv.inflater}, or else the environment variable {@code
 * DAXCONV_INFLATER}, says {@code isal}, {@code jdk} or {@code auto}.
 */
public final class Inflaters {
  private static final String PROPERTY = "daxconv.inflater";
  private static final String VARIABLE = "DAXCONV_INFLATER";

  private Inflaters() {}

  private static final class Installed {
    private static final Optional<Isal> ISAL = Isal.load().filter(Installed::works);

    /**
     * Decodes something known, cut in two: a library with another layout of its state is not used.
     */
    private static boolean works(Isal isal) {
      byte[] data = HexFormat.of().parseHex("4b4c4c4c4a4e49049300");
      ByteBuffer in = ByteBuffer.allocateDirect(Inflate.MAX_UNREAD + data.length + 4);
      in.position(Inflate.MAX_UNREAD).put(data).putInt(0x01020304).flip();
      ByteBuffer out = ByteBuffer.allocateDirect(64);
      try (Inflate inflate = new IsalInflate(isal)) {
        in.position(Inflate.MAX_UNREAD).limit(Inflate.MAX_UNREAD + 3);
        boolean early = inflate.inflate(in, out);
        in.limit(in.capacity());
        boolean ended = inflate.inflate(in, out);
        byte[] found = new byte[out.flip().remaining()];
        out.get(found);
        return !early
            && ended
            && in.remaining() == 4
            && Arrays.equals(
                found, "aaabcdaaabcd".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      } catch (CompressionException | RuntimeException notThisLibrary) {
        return false;
      }
    }
  }

  /** Whether ISA-L is installed and works. */
  public static boolean hasIsal() {
    return Installed.ISAL.isPresent();
  }

  /**
   * A decoder.
   *
   * @throws CompressionException if one is asked for that is not there
   */
  static Inflate open() throws CompressionException {
    return choose().get();
  }

  private static Supplier<Inflate> choose() throws CompressionException {
    String asked = System.getProperty(PROPERTY);
    asked = asked == null ? System.getenv(VARIABLE) : asked;
    return switch (asked == null ? "auto" : asked) {
      case "auto" ->
          Installed.ISAL
              .<Supplier<Inflate>>map(isal -> () -> new IsalInflate(isal))
              .orElse(JdkInflate::new);
      case "jdk" -> JdkInflate::new;
      case "isal" -> {
        Isal isal =
            Installed.ISAL.orElseThrow(
                () ->
                    new CompressionException(
                        VARIABLE + ": libisal.so.2 was not found or does not work"));
        yield () -> new IsalInflate(isal);
      }
      default ->
          throw new CompressionException(
              VARIABLE
                  + ": expected auto, isal or jdk, found "
                  + io.daxconv.converter.text.Escapes.quote(asked));
    };
  }
}
