package io.daxconv.converter.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The whiteouts of one layer, by the directories they stand in. They are kept apart from the
 * layer's entries, for they speak of the lower layers and not of what the layer itself has or had
 * at a path, in whichever order they come.
 */
final class WhiteoutMarks {
  private final TreeMap<Name, WhiteoutMarks> below = new TreeMap<>();
  private final List<Name> hidden = new ArrayList<>();
  private boolean opaque;

  /** The marks of a directory. */
  WhiteoutMarks at(List<Name> directory) {
    WhiteoutMarks marks = this;
    for (Name name : directory) {
      marks = marks.below.computeIfAbsent(name, each -> new WhiteoutMarks());
    }
    return marks;
  }

  /** A whiteout of one name. */
  void hide(Name name) {
    hidden.add(name);
  }

  /** An opaque whiteout. */
  void hideAll() {
    opaque = true;
  }

  private record Pair(WhiteoutMarks marks, Directory directory) {}

  /**
   * Puts the marks on the layer's tree, once it is complete. Where the layer has no directory, a
   * mere path to the whiteouts is made; where it has a file, lower layers show nothing that could
   * be hidden.
   */
  void putOn(Directory root) {
    Deque<Pair> left = new ArrayDeque<>();
    left.push(new Pair(this, root));
    while (!left.isEmpty()) {
      Pair pair = left.pop();
      pair.marks.putNames(pair.directory);
      for (Map.Entry<Name, WhiteoutMarks> next : pair.marks.below.entrySet()) {
        Node child = pair.directory.child(next.getKey());
        if (child == null && !pair.directory.hides(next.getKey())) {
          child = Directory.pathOnly();
          pair.directory.put(next.getKey(), child);
        }
        if (child instanceof Directory directory) {
          left.push(new Pair(next.getValue(), directory));
        }
      }
    }
  }

  private void putNames(Directory directory) {
    if (opaque) {
      directory.makeOpaque();
    }
    for (Name name : hidden) {
      Node child = directory.child(name);
      if (child instanceof Directory own) {
        // A directory of that name in the same layer starts empty.
        own.closeOff();
      } else if (child == null) {
        directory.addWhiteout(name);
      }
    }
  }
}
