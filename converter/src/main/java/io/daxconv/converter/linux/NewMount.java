package io.daxconv.converter.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filesystem to be mounted read-only.
 *
 * @param type as in {@code /proc/filesystems}
 * @param source what {@code mount} shows as its source
 * @param settings in the order in which the kernel gets them
 */
public record NewMount(String type, String source, List<Setting> settings) {
  public NewMount {
    settings = List.copyOf(settings);
  }

  /**
   * One parameter.
   *
   * @param value text, or null for a flag
   * @param fd a descriptor to hand over instead of text, or -1
   */
  public record Setting(String key, @Nullable String value, int fd) {
    public static Setting text(String key, String value) {
      return new Setting(key, value, -1);
    }

    public static Setting flag(String key) {
      return new Setting(key, null, -1);
    }

    public static Setting descriptor(String key, int fd) {
      return new Setting(key, null, fd);
    }

    /** As an option of {@code mount -o}. */
    public String option() {
      return value == null ? key : key + "=" + value;
    }
  }
}
