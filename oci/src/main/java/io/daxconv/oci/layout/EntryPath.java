package io.daxconv.oci.layout;

import java.util.ArrayDeque;
import java.util.Deque;

/** Names in an archive, brought into one form: no leading slash, no dots, none above the root. */
final class EntryPath {
  private EntryPath() {}

  /** {@code ./blobs//sha256/../x} becomes {@code blobs/x}. */
  static String of(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> parts.pollLast();
        default -> parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** Where a symlink at {@code name} leads. */
  static String sibling(String name, String target) {
    int slash = name.lastIndexOf('/');
    return of(slash < 0 || target.startsWith("/") ? target : name.substring(0, slash + 1) + target);
  }
}
