package io.daxconv.converter.mount;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The filesystem types that a kernel has at this moment (proc_filesystems(5)). One that a module
 * brings is among them once the module is loaded.
 *
 * @param names such as {@code erofs}
 */
public record KernelFilesystems(Set<String> names) {
  /** None known: a kernel that is not Linux, or not asked. */
  public static final KernelFilesystems NONE = new KernelFilesystems(Set.of());

  public KernelFilesystems {
    names = Set.copyOf(names);
  }

  /** Reads the text of {@code /proc/filesystems}: a line is {@code nodev} or nothing, tab, name. */
  public static KernelFilesystems parse(String text) {
    return new KernelFilesystems(
        text.lines()
            .map(line -> line.substring(line.indexOf('\t') + 1).strip())
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet()));
  }

  /** Whether the kernel can mount that view of an image. */
  public boolean have(ImageView view) {
    return names.contains(view.filesystem());
  }
}
