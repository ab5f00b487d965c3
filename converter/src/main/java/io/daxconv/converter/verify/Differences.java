package io.daxconv.converter.verify;

import java.util.List;

/**
 * How an image's tree differs from the one it should hold.
 *
 * @param findings the first 1000, in the order of their paths
 * @param findingCount how many there are
 * @param paths how many paths both have
 */
public record Differences(List<Finding> findings, long findingCount, long paths) {
  public Differences {
    findings = List.copyOf(findings);
  }

  /** Whether the image holds what it should. */
  public boolean isNone() {
    return findingCount == 0;
  }
}
