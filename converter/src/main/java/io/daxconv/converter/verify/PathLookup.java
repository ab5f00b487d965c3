package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.text.Escapes;
import org.jspecify.annotations.Nullable;

/**
 * Finds escaped paths in an EROFS view whose tree is sound. It remembers the last directory, for
 * the paths of an annex come by directory.
 */
final class PathLookup {
  private final ErofsView view;
  private final @Nullable PlacedInode root;
  private String lastPath = "";
  private @Nullable PlacedInode last;

  PathLookup(ErofsView view) {
    this.view = view;
    this.root = view.inode(view.superblock().rootNid(), ErofsCheckedView.silent());
    this.last = root;
  }

  /** What a path leads to, or null. */
  @Nullable PlacedInode find(String path) {
    if (!path.startsWith("/")) {
      return null;
    }
    if (path.equals("/")) {
      return root;
    }
    int slash = path.lastIndexOf('/');
    String directory = path.substring(0, slash);
    if (!directory.equals(lastPath)) {
      last = directory(directory);
      lastPath = directory;
    }
    return child(last, path.substring(slash + 1));
  }

  private @Nullable PlacedInode directory(String path) {
    PlacedInode at = root;
    for (int from = 1; at != null && from <= path.length(); ) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      at = child(at, path.substring(from, to));
      from = to + 1;
    }
    return at;
  }

  private @Nullable PlacedInode child(@Nullable PlacedInode directory, String name) {
    if (directory == null || directory.type() != FileMode.DIRECTORY) {
      return null;
    }
    ErofsData data = view.data(directory, ErofsCheckedView.silent());
    byte[] bytes = unescaped(name);
    return data == null || bytes == null
        ? null
        : view.lookup(data, bytes, ErofsCheckedView.silent());
  }

  private static byte @Nullable [] unescaped(String name) {
    try {
      return Escapes.unescape(name);
    } catch (IllegalArgumentException e) {
      return null; // No file has a name that is written so.
    }
  }
}
