package io.daxconv.converter.browse;

import java.time.Instant;
import java.util.Comparator;

/**
 * A time of modification. Images may state seconds that are no date.
 *
 * @param seconds since 1970
 * @param nanos 0 to 999,999,999, counted up from the seconds
 */
public record Mtime(long seconds, int nanos) implements Comparable<Mtime> {
  private static final Comparator<Mtime> ORDER =
      Comparator.comparingLong(Mtime::seconds).thenComparingInt(Mtime::nanos);

  @Override
  public int compareTo(Mtime other) {
    return ORDER.compare(this, other);
  }

  /** The date in UTC, to the nanosecond where it says so; the seconds where they are no date. */
  @Override
  public String toString() {
    boolean isDate =
        seconds >= Instant.MIN.getEpochSecond() && seconds < Instant.MAX.getEpochSecond();
    return isDate ? Instant.ofEpochSecond(seconds, nanos).toString() : "@" + seconds;
  }
}
