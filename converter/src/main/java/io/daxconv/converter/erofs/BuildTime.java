package io.daxconv.converter.erofs;

import io.daxconv.converter.tree.Node;
import java.util.Arrays;
import java.util.List;

/**
 * The time that compact inodes have: the superblock's. The one that most files have makes the most
 * inodes compact.
 *
 * @param seconds since 1970
 * @param nanos 0 to 999,999,999
 */
record BuildTime(long seconds, int nanos) {
  private static final long NANOS = 1_000_000_000L;

  /**
   * Seconds within which nanoseconds since 1970 fit 64 bits; other times count for nothing here.
   */
  private static final long RANGE = Long.MAX_VALUE / NANOS - 1;

  /** The commonest time; of several the earliest. */
  static BuildTime commonest(List<Node> nodes) {
    long[] times = new long[nodes.size()];
    int counted = 0;
    for (Node node : nodes) {
      if (-RANGE < node.mtimeSeconds() && node.mtimeSeconds() < RANGE) {
        times[counted++] = node.mtimeSeconds() * NANOS + node.mtimeNanos();
      }
    }
    Arrays.sort(times, 0, counted);
    long best = 0;
    int bestCount = 0;
    int count = 0;
    for (int i = 0; i < counted; i++) {
      count = i > 0 && times[i] == times[i - 1] ? count + 1 : 1;
      if (count > bestCount) {
        bestCount = count;
        best = times[i];
      }
    }
    return new BuildTime(Math.floorDiv(best, NANOS), (int) Math.floorMod(best, NANOS));
  }

  boolean isOf(Node node) {
    return node.mtimeSeconds() == seconds && node.mtimeNanos() == nanos;
  }
}
