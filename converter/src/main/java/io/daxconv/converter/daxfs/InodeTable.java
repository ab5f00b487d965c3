package io.daxconv.converter.daxfs;

import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.SpecialFileNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Inode numbers and link counts of a tree's files that DAXFS can hold: directory by directory, the
 * children of each in the order of their names' bytes, so that a directory's inodes lie together.
 */
public final class InodeTable {
  private final List<Node> nodes = new ArrayList<>();
  private int[] links = new int[1 << 10];
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
    return table;
  }

  private void addChildren(Directory directory) {
    for (Node child : directory.children().values()) {
      if (child instanceof SpecialFileNode) {
        continue;
      }
      names++;
      if (child instanceof Directory) {
        add(child, 2);
        links[directory.inode() - 1]++;
      } else if (isNumbered(child)) {
        links[child.inode() - 1]++;
      } else {
        add(child, 1);
      }
    }
  }

  private boolean isNumbered(Node node) {
    int number = node.inode();
    return number > 0 && number <= nodes.size() && nodes.get(number - 1) == node;
  }

  private void add(Node node, int linkCount) {
    if (nodes.size() == links.length) {
      links = Arrays.copyOf(links, 2 * links.length);
    }
    links[nodes.size()] = linkCount;
    nodes.add(node);
    node.setInode(nodes.size());
  }

  /** The inodes in the order of their numbers. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public int count() {
    return nodes.size();
  }

  /** Directory entries in all. */
  public long names() {
    return names;
  }

  /** Names of a file; 2 + subdirectories of a directory. */
  int links(Node node) {
    return links[node.inode() - 1];
  }

  /** How many of a directory's children DAXFS can hold. */
  static int held(Directory directory) {
    int count = 0;
    for (Node child : directory.children().values()) {
      count += child instanceof SpecialFileNode ? 0 : 1;
    }
    return count;
  }
}
