package io.daxconv.converter.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The way to a hard link's target, name by name, through the symlinks of lower layers; {@code ..}
 * never climbs above the root.
 */
final class LowerLinkWay {
  private final LowerLink link;
  private final StackedDirectory withOwnLayer;
  private final Deque<Name> left;
  private final List<Name> names = new ArrayList<>();

  /** The directories at the names so far, the last one first, the root last. */
  private final Deque<StackedDirectory> directories = new ArrayDeque<>();

  private int followed;

  /**
   * The way from the start.
   *
   * @param lower the layers below the link's
   * @param withOwnLayer the same and the link's layer: a symlink may lead back to what that has
   */
  LowerLinkWay(LowerLink link, StackedDirectory lower, StackedDirectory withOwnLayer) {
    this.link = link;
    this.withOwnLayer = withOwnLayer;
    this.left = new ArrayDeque<>(link.target());
    directories.push(lower);
  }

  /** What is at the end. */
  Node end() throws FlattenException {
    while (!left.isEmpty()) {
      Name name = left.removeFirst();
      if (name.is("..")) {
        up();
        continue;
      }
      switch (directories.getFirst().child(name)) {
        case StackedDirectory.Child.Nothing() -> throw link.missing();
        case StackedDirectory.Child.Below(StackedDirectory directory) -> down(name, directory);
        case StackedDirectory.Child.Leaf(Node node) -> {
          if (isOwnDirectory()) {
            down(name, StackedDirectory.empty());
          } else if (left.isEmpty()) {
            return node;
          } else {
            follow(node);
          }
        }
      }
    }
    throw link.isDirectory();
  }

  private void down(Name name, StackedDirectory directory) {
    names.add(name);
    directories.push(directory);
  }

  private void up() {
    if (!names.isEmpty()) {
      names.removeLast();
      directories.pop();
    }
  }

  /** Whether the link's layer has put a directory in the place of what is next. */
  private boolean isOwnDirectory() {
    return followed == 0 && names.size() < link.ownDirectories();
  }

  /** Goes on where a symlink leads. */
  private void follow(Node node) throws FlattenException {
    if (!(LowerLink.end(node) instanceof Symlink symlink)) {
      throw link.missing();
    }
    if (++followed > LayerPathResolver.MAX_SYMLINKS) {
      throw link.symlinkLoop();
    }
    LayerPathResolver.prepend(symlink.target(), left);
    if (symlink.target()[0] == '/') {
      toRoot();
    }
    if (followed == 1) {
      names.reversed().forEach(left::addFirst);
      toRoot();
      directories.pop();
      directories.push(withOwnLayer);
    }
  }

  private void toRoot() {
    while (directories.size() > 1) {
      directories.pop();
    }
    names.clear();
  }
}
