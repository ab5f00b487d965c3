package io.daxconv.converter.daxfs;

import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.SpecialFileNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Inode numbers and link counts of a tree's files: directory by directory, the children of each in
 * the order of their names' bytes, so that a directory's inodes lie together. Files that DAXFS
 * cannot hold are numbered behind all others.
 */
public final class InodeTable {
  private final List<Node> nodes = new ArrayList<>();
  private final List<SpecialFileNode> specialFiles = new ArrayList<>();
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
    for (int i = 0; i < table.nodes.size(); i++) {
      if (table.nodes.get(i) instanceof Directory directory) {
        table.addSpecialFiles(directory);
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

  private void addSpecialFiles(Directory directory) {
    for (Node child : directory.children().values()) {
      if (child instanceof SpecialFileNode special) {
        if (isNumbered(special)) {
          links[special.inode() - 1]++;
        } else {
          specialFiles.add(special);
          number(special, 1);
        }
      }
    }
  }

  private boolean isNumbered(Node node) {
    int number = node.inode();
    return number > 0 && number <= total() && node(number) == node;
  }

  private Node node(int number) {
    return number <= nodes.size()
        ? nodes.get(number - 1)
        : specialFiles.get(number - 1 - nodes.size());
  }

  private void add(Node node, int linkCount) {
    nodes.add(node);
    number(node, linkCount);
  }

  private void number(Node node, int linkCount) {
    node.setInode(total());
    if (total() > links.length) {
      links = Arrays.copyOf(links, 2 * links.length);
    }
    links[total() - 1] = linkCount;
  }

  /** The inodes that DAXFS can hold, in the order of their numbers. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** The files that DAXFS cannot hold, in the order of their numbers. */
  public List<SpecialFileNode> specialFiles() {
    return Collections.unmodifiableList(specialFiles);
  }

  /** How many inodes DAXFS can hold. */
  public int count() {
    return nodes.size();
  }

  /** How many inodes there are in all. */
  public int total() {
    return nodes.size() + specialFiles.size();
  }

  /** Directory entries of files that DAXFS can hold. */
  public long names() {
    return names;
  }

  /** Names of a file; 2 + subdirectories of a directory. */
  public int links(Node node) {
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
