package io.daxconv.converter.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What nodes keep, and what they share. */
class NodeTest {
  private final Attributes.Recent recent = new Attributes.Recent();

  private static Xattrs xattrs(int value) {
    return Xattrs.of(new TreeMap<>(Map.of("user.x", new byte[] {(byte) value})));
  }

  private static LayerEntry entry(int permissions, int uid, int gid, Xattrs xattrs) {
    byte[] path = {'f'};
    return new LayerEntry(
        EntryType.REGULAR, path, new byte[0], 5, null, permissions, uid, gid, 1, 2, 0, 0, xattrs);
  }

  @Test
  void equalAttributesAreShared() {
    Attributes first = recent.of(entry(0644, 1, 2, xattrs(3)));

    assertThat(recent.of(entry(0644, 1, 2, xattrs(3)))).isSameAs(first);
  }

  @Test
  void whateverDiffersIsNotShared() {
    assertThat(recent.of(entry(0644, 1, 2, xattrs(3))))
        .isNotEqualTo(recent.of(entry(0645, 1, 2, xattrs(3))))
        .isNotEqualTo(recent.of(entry(0644, 2, 2, xattrs(3))))
        .isNotEqualTo(recent.of(entry(0644, 1, 3, xattrs(3))))
        .isNotEqualTo(recent.of(entry(0644, 1, 2, xattrs(4))))
        .isNotEqualTo(recent.of(entry(0644, 1, 2, Xattrs.NONE)));
  }

  @Test
  void aFileThatShoulderedAnotherAsideKeepsItsOwn() {
    for (int uid = 0; uid < 10_000; uid++) {
      assertThat(recent.of(entry(0644, uid, ~uid, Xattrs.NONE)))
          .isEqualTo(new Attributes(0644, uid, ~uid, Xattrs.NONE));
    }
  }

  @Test
  void replacingXattrsLeavesOtherFilesAlone() {
    LayerEntry entry = entry(0644, 1, 2, xattrs(3));
    RegularFile file = new RegularFile(entry, recent.of(entry), 0, 0);
    RegularFile other = new RegularFile(entry, recent.of(entry), 0, 1);

    file.setXattrs(Xattrs.NONE);

    assertThat(file.xattrs().isEmpty()).isTrue();
    assertThat(file.uid()).isOne();
    assertThat(other.xattrs()).isEqualTo(xattrs(3));
  }

  @Test
  void aFileKnowsItsEntryUntilItIsStored() {
    LayerEntry entry = entry(0644, 1, 2, Xattrs.NONE);
    RegularFile file = new RegularFile(entry, recent.of(entry), 126, (1L << 40) - 1);

    assertThat(file.extent()).isEqualTo(RegularFile.UNSTORED);
    assertThat(file.layer()).isEqualTo(126);
    assertThat(file.ordinal()).isEqualTo((1L << 40) - 1);

    file.setExtent(0);

    assertThat(file.extent()).isZero();
    assertThat(file.layer()).isEqualTo(-1);
    assertThat(file.ordinal()).isEqualTo(-1);
  }
}
