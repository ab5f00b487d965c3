package io.daxconv.converter.verify;

/**
 * One thing that is wrong with an image. All texts are printable.
 *
 * @param id what it is, stable; docs/verify.md has the table
 * @param place where it is: a path and an inode, or a byte of the file
 * @param expected what should be there
 * @param found what is there
 */
public record Finding(String id, String place, String expected, String found) {

  /** The finding on one line. */
  @Override
  public String toString() {
    return "%s: %s: expected %s, found %s".formatted(id, place, expected, found);
  }
}
