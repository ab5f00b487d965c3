package io.daxconv.converter.daxfs;

import io.daxconv.converter.tree.Children;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.SpecialFileNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Inode numbers and link counts of a tree's files: directory by directory, the children of each in
 * the order of their names' bytes, so that a directory's inodes lie together. Files that DAXFS
 * cannot hold are numbered behind all others.
 */
public final class InodeTable {
  /** By number; those that DAXFS cannot hold behind the others. */
  private final ArrayList<Node> nodes = new ArrayList<>();

  private int count;
  private long names;

  private InodeTable() {}

  /** Numbers a tree's inodes; the root is 1. */
  public static InodeTable of(Directory root) {
    InodeTable table = new InodeTable();
    table.add(root, 2);
    for (int i = 0; i < table.nodes.size(); i++) {
      if (table.nodes.get(i) instanceof Directory directory) {
        table.addChildren(directory);
      }
    }
    table.count = table.nodes.size();
    for (int i = 0; i < table.count; i++) {
      if (table.nodes.get(i) instanceof Directory directory) {
        table.addSpecialFiles(directory);
      }
    }
    table.nodes.trimToSize();
    return table;
  }

  private void addChildren(Directory directory) {
    Children children = directory.children();
    for (int i = 0; i < children.size(); i++) {
      Node child = children.node(i);
      if (child instanceof SpecialFileNode) {
        continue;
      }
      names++;
      if (child instanceof Directory) {
        add(child, 2);
        directory.setLinks(directory.links() + 1);
      } else {
        addName(child);
      }
    }
  }

  private void addSpecialFiles(Directory directory) {
    Children children = directory.children();
    for (int i = 0; i < children.size(); i++) {
      if (children.node(i) instanceof SpecialFileNode special) {
        addName(special);
      }
    }
  }

  /** Counts a name of a file, and numbers the file at its first one. */
  private void addName(Node file) {
    if (isNumbered(file)) {
      file.setLinks(file.links() + 1);
    } else {
      add(file, 1);
    }
  }

  private boolean isNumbered(Node node) {
    int number = node.inode();
    return number > 0 && number <= nodes.size() && nodes.get(number - 1) == node;
  }

  private void add(Node node, int links) {
    nodes.add(node);
    node.setInode(nodes.size());
    node.setLinks(links);
  }

  /** The inodes that DAXFS can hold, in the order of their numbers. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes.subList(0, count));
  }

  /** All inodes, in the order of their numbers: those that DAXFS cannot hold come last. */
  public List<Node> all() {
    return Collections.unmodifiableList(nodes);
  }

  /** How many inodes DAXFS can hold. */
  public int count() {
    return count;
  }

  /** Directory entries of files that DAXFS can hold. */
  public long names() {
    return names;
  }

  /** How many of a directory's children DAXFS can hold. */
  static int held(Directory directory) {
    int count = 0;
    Children children = directory.children();
    for (int i = 0; i < children.size(); i++) {
      count += children.node(i) instanceof SpecialFileNode ? 0 : 1;
    }
    return count;
  }
}
