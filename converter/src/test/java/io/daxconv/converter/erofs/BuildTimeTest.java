package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.LayerTree;
import io.daxconv.converter.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The superblock's time. */
class BuildTimeTest {
  private final LayerTree layer = new LayerTree("layer", 0);
  private final List<Node> nodes = new ArrayList<>();

  private void add(long seconds, int nanos) throws FlattenException {
    byte[] path = {(byte) ('a' + nodes.size())};
    LayerTree.Placed placed =
        layer.add(
            new LayerEntry(
                EntryType.FIFO, path, path, 0, null, 0, 0, 0, seconds, nanos, 0, 0, Xattrs.NONE));
    nodes.add(Objects.requireNonNull(placed).node());
  }

  @Test
  void isTheCommonest() throws FlattenException {
    add(5, 1);
    add(5, 0);
    add(9, 1);
    add(9, 1);

    assertThat(BuildTime.commonest(nodes)).isEqualTo(new BuildTime(9, 1));
  }

  @Test
  void isTheEarliestOfEquallyCommonOnes() throws FlattenException {
    add(9, 0);
    add(-5, 999_999_999);

    assertThat(BuildTime.commonest(nodes)).isEqualTo(new BuildTime(-5, 999_999_999));
  }

  @Test
  void leavesTimesAloneThatNobodyCanCount() throws FlattenException {
    add(Long.MIN_VALUE, 0);
    add(Long.MAX_VALUE, 0);

    assertThat(BuildTime.commonest(nodes)).isEqualTo(new BuildTime(0, 0));
  }
}
