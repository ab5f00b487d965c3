package io.daxconv.oci.layout;

import io.daxconv.converter.source.SourceException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A path and what stands after it.
 *
 * @param name null if nothing does
 */
record Location(Path path, @Nullable String name) {

  /** Paths may hold colons: the longest beginning that is there is the path. */
  static Location find(String kind, String text, String expected, Predicate<Path> there)
      throws SourceException {
    if (there.test(LocalSources.path(kind, text))) {
      return new Location(LocalSources.path(kind, text), null);
    }
    for (int colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
      Path path = LocalSources.path(kind, text.substring(0, colon));
      if (there.test(path) && colon < text.length() - 1) {
        return new Location(path, text.substring(colon + 1));
      }
    }
    throw new SourceException(
        "%s: expected a %s, found %s"
            .formatted(
                Labels.of(kind + text),
                expected,
                LocalSources.found(LocalSources.path(kind, text))));
  }
}
