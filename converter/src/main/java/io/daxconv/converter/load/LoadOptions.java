package io.daxconv.converter.load;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an image is loaded.
 *
 * @param mount the directory to mount it on, or null
 * @param state where daxconv notes what it has loaded; {@link #STATE} unless told otherwise
 */
public record LoadOptions(@Nullable Path mount, Path state) {
  /** Memory that ends with the boot, as what is noted there does. */
  public static final Path STATE = Host.STATE;
}
