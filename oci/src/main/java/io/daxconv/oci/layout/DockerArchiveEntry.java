package io.daxconv.oci.layout;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.registry.RegistryReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One image in the {@code manifest.json} of a docker archive.
 *
 * @param config the path of its config
 * @param tags its names; docker leaves out what is usual ({@code debian:12}), podman does not
 * @param layers the paths of its layers, oldest first
 */
record DockerArchiveEntry(String config, List<String> tags, List<String> layers) {

  /** The image with a name, or the only one. */
  static DockerArchiveEntry select(String label, JsonValue manifest, @Nullable String reference)
      throws SourceException {
    List<DockerArchiveEntry> all = new ArrayList<>();
    for (JsonValue entry : manifest.elements()) {
      all.add(
          new DockerArchiveEntry(
              entry.object().get("Config").text(),
              texts(entry.get("RepoTags")),
              texts(entry.get("Layers"))));
    }
    String full = reference == null ? null : full(reference);
    List<DockerArchiveEntry> chosen =
        all.stream()
            .filter(e -> full == null || e.tags.stream().anyMatch(tag -> full.equals(full(tag))))
            .toList();
    if (chosen.size() == 1) {
      return chosen.getFirst();
    }
    String asked =
        reference == null
            ? "which image is meant is not said"
            : (chosen.isEmpty() ? "no image " : "more than one image ") + Escapes.quote(reference);
    throw new SourceException(label + ": " + asked + "; it has " + names(all));
  }

  private static List<String> texts(JsonValue array) throws SourceException {
    List<String> texts = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      texts.add(element.text());
    }
    return texts;
  }

  /** The name with everything usual filled in; a name that is none stays as it is. */
  private static String full(String name) {
    try {
      return RegistryReference.parse(name).toString();
    } catch (SourceException notAReference) {
      return name;
    }
  }

  private static String names(List<DockerArchiveEntry> all) {
    String names =
        all.stream()
            .flatMap(
                e ->
                    e.tags.isEmpty()
                        ? java.util.stream.Stream.of("one without a name")
                        : e.tags.stream().map(Escapes::quote))
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }
}
