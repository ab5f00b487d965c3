package io.daxconv.converter.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory's children, compared with a TreeMap of the same names. */
class ChildrenTest {
  private final Children children = new Children();
  private final TreeMap<byte[], Node> expected = new TreeMap<>(Arrays::compareUnsigned);

  private void put(byte[] name) {
    Node node = Directory.implied();
    assertThat(children.put(name, node)).isSameAs(expected.put(name, node));
  }

  private void remove(byte[] name) {
    children.remove(name);
    expected.remove(name);
  }

  private void assertSame(byte[] name) {
    assertThat(children.get(name)).isSameAs(expected.get(name));
  }

  private void assertSettled() {
    children.settle();
    assertThat(children.size()).isEqualTo(expected.size()).isEqualTo(children.slots());
    int i = 0;
    for (Map.Entry<byte[], Node> each : expected.entrySet()) {
      assertThat(children.name(i)).isEqualTo(each.getKey());
      assertThat(children.node(i)).isSameAs(each.getValue());
      i++;
    }
  }

  private static byte[] name(int number) {
    return String.format("%05d", number).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void inOrder() {
    for (int i = 0; i < 1000; i++) {
      put(name(i));
    }
    put(name(500));

    assertSame(name(0));
    assertSame(name(999));
    assertSame(name(1000));
    assertSettled();
  }

  @Test
  void inTheOppositeOrder() {
    for (int i = 1000; i > 0; i--) {
      put(name(i));
    }

    assertSame(name(1));
    assertSame(name(0));
    assertSettled();
    put(name(0));
    assertSettled();
  }

  @Test
  void namesAreOrderedAsUnsignedBytes() {
    put(new byte[] {(byte) 0xff});
    put(new byte[] {0x7f});
    put(new byte[] {0x7f, 0});

    assertSettled();
    assertThat(children.name(0)).isEqualTo(new byte[] {0x7f});
  }

  @Test
  void aNameThatWasTakenAwayCanComeBack() {
    put(name(1));
    put(name(2));
    remove(name(1));
    remove(name(1));
    assertSame(name(1));
    put(name(1));
    remove(name(2));

    assertThat(children.size()).isOne();
    assertSettled();
    remove(name(1));
    assertSettled();
    put(name(3));
    assertSettled();
  }

  /** Small directories stay sorted, large ones get an index; settling comes at any time. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverTheOrder(long seed) {
    Random random = new Random(seed);
    int range = 1 << (2 + seed);
    for (int i = 0; i < 2000; i++) {
      byte[] name = name(random.nextInt(range));
      switch (random.nextInt(8)) {
        case 0, 1 -> remove(name);
        case 2, 3, 4, 5 -> put(name);
        default -> assertSame(name);
      }
      if (random.nextInt(500) == 0) {
        assertSettled();
      }
    }
    assertThat(children.size()).isEqualTo(expected.size());
    assertSettled();
  }

  @Test
  void namesOfAllLengthsAreToldApart() {
    List<byte[]> names = new ArrayList<>();
    for (int length = 255; length > 0; length--) {
      byte[] name = new byte[length];
      Arrays.fill(name, (byte) 'x');
      names.add(name);
      byte[] other = name.clone();
      other[length - 1] = 'w';
      names.add(other);
    }
    names.forEach(this::put);

    names.forEach(this::assertSame);
    assertSettled();
  }
}
