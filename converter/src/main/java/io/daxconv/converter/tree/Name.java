package io.daxconv.converter.tree;

import io.daxconv.converter.text.Escapes;
import java.util.Arrays;

/** One component of a path: bytes, ordered as unsigned bytes. */
public final class Name implements Comparable<Name> {
  private final byte[] bytes;

  Name(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  boolean is(String ascii) {
    if (bytes.length != ascii.length()) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Escaped, for messages. */
  @Override
  public String toString() {
    return Escapes.escape(bytes);
  }
}
