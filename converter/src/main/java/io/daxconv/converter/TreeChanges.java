package io.daxconv.converter;

import io.daxconv.converter.tree.OwnerShift;
import java.util.List;

/**
 * What is changed of an image's tree.
 *
 * @param added files of the host that are put into it, the later over the earlier
 * @param uidShift what is added to each owner and group, those of added files too
 */
public record TreeChanges(List<AddedFile> added, long uidShift) {
  /** The tree as the layers have it. */
  public static final TreeChanges NONE = new TreeChanges(List.of(), 0);

  public TreeChanges {
    added = List.copyOf(added);
    if (uidShift < 0 || uidShift > OwnerShift.LARGEST_ID) {
      throw new IllegalArgumentException(
          "uid-shift: expected 0 to " + OwnerShift.LARGEST_ID + ", found " + uidShift);
    }
  }
}
