package io.daxconv.oci.manifest;

import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.ManifestDocument.ImageIndex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code index.json} of a layout (image-spec image-layout.md): what the layout holds, by name.
 *
 * @param entries what it lists, attestations left out
 */
public record IndexFile(List<Descriptor> entries) {
  /** The name of an entry (image-spec annotations.md). */
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** The full name that containerd and {@code docker save} add. */
  private static final String CONTAINERD_NAME = "io.containerd.image.name";

  public IndexFile {
    entries = List.copyOf(entries);
  }

  /** Reads the file. */
  public static IndexFile read(String what, byte[] bytes) throws SourceException {
    if (ManifestDocument.read(what, bytes, MediaTypes.OCI_INDEX) instanceof ImageIndex index) {
      return new IndexFile(index.manifests().stream().filter(e -> !e.isAttestation()).toList());
    }
    throw new SourceException(what + ": expected an index");
  }

  /**
   * The entry with a name. Without one: the only entry, or the one called {@code latest}. Several
   * entries of one name are told apart by their platform.
   *
   * @param label how complaints name the layout
   */
  public Descriptor select(String label, @Nullable String tag, Platform wanted)
      throws SourceException {
    List<Descriptor> named = tag == null ? unnamed() : named(tag);
    if (named.size() == 1) {
      return named.getFirst();
    }
    if (named.isEmpty()) {
      String asked =
          tag == null ? "which image is meant is not said" : "no image " + Escapes.quote(tag);
      throw new SourceException(label + ": " + asked + "; it has " + names());
    }
    return PlatformChoice.choose(label, named, wanted);
  }

  private List<Descriptor> unnamed() {
    if (entries.size() == 1) {
      return entries;
    }
    List<Descriptor> latest = named("latest");
    boolean anonymous = entries.stream().allMatch(e -> e.annotations().get(REF_NAME) == null);
    return latest.isEmpty() && anonymous && entries.stream().allMatch(e -> e.platform() != null)
        ? entries
        : latest;
  }

  private List<Descriptor> named(String tag) {
    return entries.stream()
        .filter(
            e ->
                tag.equals(e.annotations().get(REF_NAME))
                    || tag.equals(e.annotations().get(CONTAINERD_NAME)))
        .toList();
  }

  private String names() {
    Set<String> names = new LinkedHashSet<>();
    for (Descriptor entry : entries) {
      @Nullable String name = entry.annotations().get(REF_NAME);
      names.add(name == null ? "one without a name" : Escapes.quote(name));
    }
    return names.isEmpty() ? "none" : String.join(", ", new ArrayList<>(names));
  }
}
