package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User and group ids of the image as other ids of the host, by id-mapped mounts of the base
 * (mount_setattr(2), MOUNT_ATTR_IDMAP). Overlayfs takes such layers since Linux 5.19, EROFS can be
 * mounted so since then too; DAXFS cannot. Upper has the ids of the host.
 *
 * @param inside the first id in the image
 * @param host the first id on the host
 * @param count how many ids in a row
 */
public record IdMapping(long inside, long host, long count) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,10}):([0-9]{1,10}):([0-9]{1,10})");

  /** Ids have 32 bits, and the last one stands for none. */
  private static final long IDS = 0xffff_ffffL;

  public IdMapping {
    if (count < 1 || inside < 0 || host < 0 || inside + count > IDS || host + count > IDS) {
      throw new IllegalArgumentException(
          "expected ids below " + IDS + ", found " + inside + ":" + host + ":" + count);
    }
  }

  /**
   * Reads {@code INSIDE:HOST:COUNT}, such as {@code 0:100000:65536}.
   *
   * @throws MountPlanException if it is anything else
   */
  public static IdMapping parse(String text) throws MountPlanException {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new MountPlanException(
          "id mapping: expected INSIDE:HOST:COUNT such as 0:100000:65536, found "
              + Escapes.quote(text));
    }
    try {
      return new IdMapping(
          Long.parseLong(matcher.group(1)),
          Long.parseLong(matcher.group(2)),
          Long.parseLong(matcher.group(3)));
    } catch (IllegalArgumentException e) {
      throw new MountPlanException("id mapping: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return inside + ":" + host + ":" + count;
  }
}
