package io.daxconv.bench;

import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.util.SplittableRandom;

/** Layers of made-up files, the same ones each time. */
final class Tars {
  private Tars() {}

  /**
   * A layer whose text compresses about as well as programs do.
   *
   * @param files how many files it has, a hundred in a directory
   * @param size bytes of each
   */
  static byte[] layer(int files, int size) {
    SplittableRandom random = new SplittableRandom(files);
    TarBuilder tar = TarBuilder.tar();
    for (int i = 0; i < files; i++) {
      tar.add(TarEntry.file("usr/share/%04d/file-%06d".formatted(i / 100, i), text(random, size)));
    }
    return tar.build();
  }

  private static String text(SplittableRandom random, int size) {
    StringBuilder text = new StringBuilder(size + 16);
    while (text.length() < size) {
      text.append("word").append(random.nextInt(5000)).append(random.nextInt(9) == 0 ? '\n' : ' ');
    }
    return text.substring(0, size);
  }
}
