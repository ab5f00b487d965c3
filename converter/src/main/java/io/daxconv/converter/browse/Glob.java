package io.daxconv.converter.browse;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A pattern of the shell for names ({@code fnmatch(3)} without flags, as find(1) has it): {@code
 * *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} and a backslash before what stands for itself. A
 * {@code *} matches slashes and leading dots too. What is UTF-8 counts as characters, other bytes
 * as such.
 */
public final class Glob {
  /** Above all characters: bytes that are none. */
  private static final int BYTES = 0x110000;

  private final int[] pattern;
  private final boolean ignoresCase;

  /**
   * A pattern.
   *
   * @param ignoresCase whether large and small letters are the same
   */
  public Glob(byte[] pattern, boolean ignoresCase) {
    this.pattern = units(pattern);
    this.ignoresCase = ignoresCase;
  }

  /** Whether all of a name matches. */
  public boolean matches(byte[] name) {
    int[] units = units(name);
    int at = 0;
    int in = 0;
    int star = -1;
    int starAt = 0;
    // Only the last star is ever tried again, so the time is the product of the lengths at most.
    while (at < units.length) {
      if (in < pattern.length && pattern[in] == '*') {
        star = in++;
        starAt = at;
      } else {
        int next = in < pattern.length ? one(in, units[at]) : -1;
        if (next >= 0) {
          in = next;
          at++;
        } else if (star >= 0) {
          in = star + 1;
          at = ++starAt;
        } else {
          return false;
        }
      }
    }
    while (in < pattern.length && pattern[in] == '*') {
      in++;
    }
    return in == pattern.length;
  }

  /** What follows in the pattern after what matches one character; -1 if it does not match. */
  private int one(int in, int unit) {
    return switch (pattern[in]) {
      case '?' -> in + 1;
      case '[' -> {
        int end = bracketEnd(in);
        if (end == 0) {
          yield unit == '[' ? in + 1 : -1;
        }
        yield inBracket(in, end, unit) ? end + 1 : -1;
      }
      case '\\' -> {
        int literal = in + 1 < pattern.length ? in + 1 : in;
        yield same(pattern[literal], unit) ? literal + 1 : -1;
      }
      default -> same(pattern[in], unit) ? in + 1 : -1;
    };
  }

  /** The bracket that closes; 0 if none does, and the first stands for itself. */
  private int bracketEnd(int open) {
    int at = open + 1;
    if (at < pattern.length && isNegation(pattern[at])) {
      at++;
    }
    // A closing bracket that comes first is one of the set.
    for (at++; at < pattern.length; at++) {
      if (pattern[at] == ']') {
        return at;
      }
    }
    return 0;
  }

  private static boolean isNegation(int unit) {
    return unit == '!' || unit == '^';
  }

  private boolean inBracket(int open, int end, int unit) {
    boolean negated = isNegation(pattern[open + 1]);
    boolean found = false;
    for (int at = open + (negated ? 2 : 1); at < end; at++) {
      int low = pattern[at];
      int high = low;
      if (at + 2 < end && pattern[at + 1] == '-') {
        high = pattern[at + 2];
        at += 2;
      }
      found |= isBetween(low, unit, high);
    }
    return found != negated;
  }

  private boolean isBetween(int low, int unit, int high) {
    return (low <= unit && unit <= high)
        || (ignoresCase
            && ((low <= lower(unit) && lower(unit) <= high)
                || (low <= upper(unit) && upper(unit) <= high)));
  }

  private boolean same(int one, int other) {
    return one == other || (ignoresCase && lower(one) == lower(other));
  }

  private static int lower(int unit) {
    return unit < BYTES ? Character.toLowerCase(unit) : unit;
  }

  private static int upper(int unit) {
    return unit < BYTES ? Character.toUpperCase(unit) : unit;
  }

  private static int[] units(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int[] units = new int[bytes.length];
    int count = 0;
    while (in.hasRemaining()) {
      CharBuffer out = CharBuffer.allocate(in.remaining());
      CoderResult result = decoder.reset().decode(in, out, true);
      for (int unit : out.flip().codePoints().toArray()) {
        units[count++] = unit;
      }
      if (result.isError()) {
        for (int i = 0; i < result.length(); i++) {
          units[count++] = BYTES + (in.get() & 0xff);
        }
      }
    }
    return Arrays.copyOf(units, count);
  }
}
