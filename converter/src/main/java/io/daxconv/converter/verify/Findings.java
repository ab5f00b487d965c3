package io.daxconv.converter.verify;

import java.util.ArrayList;
import java.util.List;

/** Collects findings: keeps the first {@link #KEPT} and counts the rest. */
final class Findings {
  static final int KEPT = 1000;

  /** With so many there is nothing left to learn from an image. */
  private static final long ENOUGH = 100_000;

  private final List<Finding> first = new ArrayList<>();
  private long count;

  void add(String id, String place, String expected, String found) {
    if (count++ < KEPT) {
      first.add(new Finding(id, place, expected, found));
    }
  }

  /** Whether looking further is a waste. */
  boolean isEnough() {
    return count >= ENOUGH;
  }

  List<Finding> first() {
    return first;
  }

  long count() {
    return count;
  }
}
