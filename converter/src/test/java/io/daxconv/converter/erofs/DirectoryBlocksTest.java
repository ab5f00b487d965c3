package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.LayerTree;
import io.daxconv.converter.tree.MergedTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Directories cut into blocks, to the byte. */
class DirectoryBlocksTest {
  private static Directory directory(String... names) throws IOException {
    LayerTree layer = new LayerTree("layer", 0);
    for (String name : names) {
      byte[] path = name.getBytes(StandardCharsets.ISO_8859_1);
      layer.add(
          new LayerEntry(
              EntryType.REGULAR, path, new byte[0], 0, null, 0, 0, 0, 0, 0, 0, 0, Xattrs.NONE));
    }
    layer.finish();
    MergedTree merged = new MergedTree();
    merged.addLower(layer);
    return merged.finish();
  }

  private static List<String> blocks(Directory directory) throws IOException {
    DirectoryBlocks blocks = new DirectoryBlocks(directory, directory);
    List<String> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      blocks.cut(
          (cut, bytes) -> {
            MemorySegment block = arena.allocate(bytes);
            blocks.write(cut, block, node -> node instanceof Directory ? 0x1122 : 0x33);
            found.add(HexFormat.of().formatHex(block.toArray(ValueLayout.JAVA_BYTE)));
          });
    }
    return found;
  }

  @Test
  void dotsStandWhereTheirBytesSortThem() throws IOException {
    String file = "3300000000000000";
    String self = "2211000000000000";

    assertThat(blocks(directory("a", "-", "..a")))
        .containsExactly(
            (file + "3c00" + "0100")
                + (self + "3d00" + "0200")
                + (self + "3e00" + "0200")
                + (file + "4000" + "0100")
                + (file + "4300" + "0100")
                + "2d"
                + "2e"
                + "2e2e"
                + "2e2e61"
                + "61");
  }

  @Test
  void anEmptyDirectoryHasItselfAndItsParent() throws IOException {
    Directory empty = directory();

    assertThat(new DirectoryBlocks(empty, empty).size()).isEqualTo(2 * 12 + 3);
    assertThat(blocks(empty)).hasSize(1);
  }

  @Test
  void blocksAreAsFullAsTheyGoAndOnlyTheLastIsCountedByItsBytes() throws IOException {
    String[] names = new String[40];
    for (int i = 0; i < names.length; i++) {
      names[i] = String.format("%03d", i) + "n".repeat(247);
    }
    Directory directory = directory(names);

    // 27 bytes for the dots, 262 for each other: 15 fit with the dots, 15 into the next, 10 are
    // left.
    assertThat(new DirectoryBlocks(directory, directory).size()).isEqualTo(2 * 4096 + 10 * 262);
    assertThat(blocks(directory)).hasSize(3);
  }
}
