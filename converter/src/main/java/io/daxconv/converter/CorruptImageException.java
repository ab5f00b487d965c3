package io.daxconv.converter;

/** A converted image that cannot be read: not DAXFS at all, or broken where it matters. */
public final class CorruptImageException extends DaxconvException {
  public CorruptImageException(String message) {
    super(message);
  }
}
