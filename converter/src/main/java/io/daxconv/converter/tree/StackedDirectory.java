package io.daxconv.converter.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several layers have at one path, without merging them: a directory as they leave it. */
final class StackedDirectory {
  private static final StackedDirectory EMPTY = new StackedDirectory(List.of(), null);

  private final List<Directory> parts;

  /**
   * Set where the first part is of this link's own layer, whose whiteouts do not hide what it links
   * to, and in which some files were not there yet.
   */
  private final @Nullable LowerLink own;

  private StackedDirectory(List<Directory> parts, @Nullable LowerLink own) {
    this.parts = parts;
    this.own = own;
  }

  /**
   * The root of some layers, newest first.
   *
   * @param own the link in question, if the first one is its layer
   */
  static StackedDirectory root(List<Directory> layers, @Nullable LowerLink own) {
    return new StackedDirectory(layers, own);
  }

  /** A directory that has nothing in it. */
  static StackedDirectory empty() {
    return EMPTY;
  }

  /** What a name stands for. */
  sealed interface Child {
    /** A directory. */
    record Below(StackedDirectory directory) implements Child {}

    /** Anything else. */
    record Leaf(Node node) implements Child {}

    /** Nothing. */
    record Nothing() implements Child {}
  }

  /** What the layers have under a name, by the rules of {@link MergedTree}. */
  Child child(Name name) {
    List<Directory> below = new ArrayList<>();
    boolean real = false;
    boolean ownBelow = false;
    for (Directory part : parts) {
      LowerLink link = part == parts.getFirst() ? own : null;
      @Nullable Node child = part.child(name);
      if (child instanceof Directory directory) {
        below.add(directory);
        ownBelow |= link != null;
        real |= directory.isReal();
      } else if (child != null && (link == null || link.comesAfter(child))) {
        if (!real) {
          return new Child.Leaf(child);
        }
        break;
      }
      if (link == null && part.hides(name)) {
        break;
      }
    }
    return real
        ? new Child.Below(new StackedDirectory(below, ownBelow ? own : null))
        : new Child.Nothing();
  }
}
