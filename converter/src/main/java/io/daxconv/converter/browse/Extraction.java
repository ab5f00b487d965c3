package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.browse.ImageTree.Step;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.linux.FileCallException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of a tree on its way out of the image: what is the same whereto it goes. */
final class Extraction {
  private final ImageTree tree;
  private final ImageTree.Walk walk;
  private final int rootLength;
  private final Map<Long, byte[]> firstNames = new HashMap<>();
  private final Set<List<Long>> extents = new HashSet<>();
  private final List<Loss> losses = new ArrayList<>();
  private long bytesLeft;

  Extraction(ImageTree tree, PathLookup.Found from) {
    this.tree = tree;
    this.walk = tree.walk(from.path(), from.inode(), TreeWalk.Order.NAMES, Integer.MAX_VALUE);
    this.rootLength = from.path().length == 1 ? 1 : from.path().length + 1;
    this.bytesLeft = tree.image().bytesInAll();
  }

  @Nullable Step next() throws CorruptImageException {
    return walk.next();
  }

  /** The path of a step from the directory where the extraction started; empty for that itself. */
  byte[] relative(Step step) {
    return step.depth() == 0
        ? new byte[0]
        : Arrays.copyOfRange(step.path(), rootLength, step.path().length);
  }

  /** The first name of a file that has several, if this is another; takes note of the first. */
  byte @Nullable [] firstName(Step step) {
    FileInode inode = step.inode();
    return inode.isDirectory() || Long.compareUnsigned(inode.links(), 1) <= 0
        ? null
        : firstNames.putIfAbsent(inode.number(), relative(step));
  }

  /**
   * The bytes of a file.
   *
   * @throws CorruptImageException if they are not all in the image, or extents overlap, which could
   *     add up to far more than the image has
   */
  List<MemorySegment> contents(Step step) throws CorruptImageException {
    List<MemorySegment> pieces = tree.contents(step.inode());
    for (MemorySegment piece : pieces) {
      if (extents.add(List.of(piece.address(), piece.byteSize()))) {
        bytesLeft -= piece.byteSize();
      }
    }
    if (bytesLeft < 0) {
      throw new CorruptImageException(
          tree.name() + ": expected files with data of their own, found data that overlaps");
    }
    return pieces;
  }

  void lose(Step step, Loss.Kind what, String reason) {
    losses.add(new Loss(Escapes.escape(step.path()), what, reason));
  }

  List<Loss> losses() {
    return losses;
  }

  /** An error with the path where it came up. */
  static IOException at(Step step, IOException e) {
    return e instanceof FileCallException call
        ? new ExtractException(Escapes.escape(step.path()) + ": " + call.getMessage(), call)
        : e;
  }
}
