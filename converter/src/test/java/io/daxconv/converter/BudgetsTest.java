package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each budget to its last unit: what is just inside passes, one more is refused with its place. */
class BudgetsTest {
  private static final String LAYER = "layer 1 of 1 ";

  private static SourceImage image(TarBuilder... layers) {
    TestBlob[] blobs = new TestBlob[layers.length];
    for (int i = 0; i < blobs.length; i++) {
      blobs[i] = TestBlob.plain(layers[i].build());
    }
    return TestImages.of(blobs);
  }

  private static void read(SourceImage image, Budgets budgets) throws IOException {
    SourceTree.contents(image, 1, budgets, ConversionListener.NONE);
  }

  /** The failure, without the digest in the layer's label, when there may be one unit less. */
  private static String refused(Budget budget, long needed, TarBuilder... layers)
      throws IOException {
    SourceImage image = image(layers);
    read(image, Budgets.DEFAULT.with(budget, needed));
    BudgetException failure =
        catchThrowableOfType(
            BudgetException.class, () -> read(image, Budgets.DEFAULT.with(budget, needed - 1)));
    assertThat(failure.budget()).isEqualTo(budget);
    assertThat(failure.limit()).isEqualTo(needed - 1);
    assertThat(failure.canBeRaised()).isTrue();
    return failure.getMessage().replaceAll("\\([0-9a-f]{12}\\)", "");
  }

  @Test
  void entriesOfAllLayersCount() throws IOException {
    assertThat(
            refused(
                Budget.ENTRIES,
                5,
                tar().file("a", "").hardLink("b", "a").file("c", ""),
                tar().whiteout(".wh.a").directory("d")))
        .isEqualTo("layer 1 of 2 , c: expected at most 4 entries in all layers, found 5");
  }

  @Test
  void directoriesThatNobodyListedCountOnce() throws IOException {
    assertThat(refused(Budget.ENTRIES, 5, tar().file("a/b/c", "").file("a/b/d", "").directory("a")))
        .isEqualTo(LAYER + ", a: expected at most 4 entries in all layers, found 5");
  }

  @Test
  void bytesOfAllLayersCountHiddenOnesToo() throws IOException {
    assertThat(refused(Budget.BYTES, 6, tar().file("a", "123"), tar().file("a", "456")))
        .isEqualTo("layer 1 of 2 , a: expected at most 5 bytes of files in all layers, found 6");
  }

  @Test
  void theSizeOfEachFileCounts() throws IOException {
    assertThat(refused(Budget.FILE_SIZE, 3, tar().file("a", "12").file("b", "123")))
        .isEqualTo(LAYER + ", b: expected at most 2 bytes in one file, found 3");
  }

  @Test
  void holesCountAsBytesAndAsHoles() throws IOException {
    TarBuilder sparse = tar().add(sparse("a", 1000)).add(sparse("b", 2000));

    assertThat(refused(Budget.HOLES, 2998, sparse))
        .isEqualTo(LAYER + ", b: expected at most 2997 bytes of holes in all layers, found 2998");
    assertThat(refused(Budget.BYTES, 3000, sparse)).contains("found 3000");
    assertThat(refused(Budget.FILE_SIZE, 2000, sparse)).contains("found 2000");
  }

  private static TarEntry sparse(String name, long size) {
    return TarEntry.file(name, "x")
        .pax("GNU.sparse.map", "0,1")
        .pax("GNU.sparse.size", Long.toString(size));
  }

  @Test
  void namesInAPathCount() throws IOException {
    assertThat(refused(Budget.PATH_DEPTH, 3, tar().file("./a//b/../b/c", "")))
        .isEqualTo(LAYER + ", ./a//b/../b/c: expected at most 2 names in a path, found 3");
  }

  @Test
  void bytesInAPathCount() throws IOException {
    assertThat(refused(Budget.PATH_LENGTH, 6, tar().file("a/", "").file("ab/cd", "")))
        .isEqualTo(LAYER + ", ab/cd: expected at most 5 bytes in a path, found 6");
  }

  @Test
  void aPathThatALinkMakesLongerCountsAsWhatItIs() throws IOException {
    assertThat(
            refused(
                Budget.PATH_DEPTH,
                4,
                tar().directory("a/b/c").symlink("l", "a/b/c").file("l/f", "")))
        .isEqualTo(LAYER + ", l/f: expected at most 3 names in a path, found 4");
  }

  @Test
  void xattrsCountPerEntryAndInAll() throws IOException {
    TarBuilder tar =
        tar()
            .add(TarEntry.file("a", "").xattr("user.x", new byte[10]))
            .add(TarEntry.file("b", "").xattr("user.y", new byte[20]));
    long one = "user.y".length() + 20L + Budgets.XATTR_COST;

    assertThat(refused(Budget.ENTRY_XATTR_BYTES, one, tar))
        .isEqualTo(LAYER + ", b: expected at most 57 bytes of xattrs of one entry, found 58");
    SourceImage image = image(tar);
    read(image, Budgets.DEFAULT.with(Budget.XATTR_BYTES, 2 * one - 10));
    assertThatThrownBy(() -> read(image, Budgets.DEFAULT.with(Budget.XATTR_BYTES, 2 * one - 11)))
        .hasMessageContaining(", b: expected at most 105 bytes of xattrs in all layers, found 106");
  }

  @Test
  void layersCount() throws IOException {
    assertThat(refused(Budget.LAYERS, 3, tar(), tar(), tar()))
        .isEqualTo("image: expected at most 2 layers, found 3");
  }

  @Test
  void theBytesOfABlobCount() throws IOException {
    assertThat(refused(Budget.BLOB_SIZE, 1536, tar().file("a", "")))
        .isEqualTo(LAYER + ": expected at most 1535 bytes in one layer's blob, found 1536");
  }

  @Test
  void tenThousandLayersAreTooMany() {
    byte[][] tars = Collections.nCopies(10_000, tar().build()).toArray(byte[][]::new);

    assertThatThrownBy(() -> read(TestImages.of(tars), Budgets.DEFAULT))
        .hasMessage("image: expected at most 500 layers, found 10000");
  }

  @Test
  void expansionCountsFromAGibibyteOn() throws IOException {
    Budgets budgets = Budgets.DEFAULT.with(Budget.EXPANSION, 3);
    budgets.checkExpansion(1, Budgets.UNSUSPECTED, "l");
    long third = Budgets.UNSUSPECTED / 3 + 1;
    budgets.checkExpansion(third, 3 * third, "l");
    assertThatThrownBy(() -> budgets.checkExpansion(third, 3 * third + 1, "l"))
        .hasMessage("l: expected at most 3 bytes of tar for each byte of the blob, found 4");
    assertThatThrownBy(() -> budgets.checkExpansion(0, Long.MAX_VALUE, "l"))
        .isInstanceOf(BudgetException.class);
  }

  @ParameterizedTest
  @EnumSource(Budget.class)
  void aLimitCannotBeLessThanOneNorMoreThanThereIsRoom(Budget budget) {
    assertThat(Budgets.DEFAULT.limit(budget)).isEqualTo(budget.usual()).isPositive();
    assertThat(Budgets.DEFAULT.with(budget, budget.most()).limit(budget))
        .isEqualTo(budget.most())
        .isGreaterThanOrEqualTo(budget.usual());
    assertThatThrownBy(() -> Budgets.DEFAULT.with(budget, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(budget.label() + ": expected 1 to " + budget.most() + ", found 0");
    assertThatThrownBy(() -> Budgets.DEFAULT.with(budget, budget.most() + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void budgetsAreEqualByTheirLimits() {
    Budgets changed = Budgets.DEFAULT.with(Budget.LAYERS, 7);

    assertThat(changed)
        .isNotEqualTo(Budgets.DEFAULT)
        .isEqualTo(Budgets.DEFAULT.with(Budget.LAYERS, 7))
        .hasToString(Budgets.DEFAULT.toString().replace("layers=500", "layers=7"));
    assertThat(changed.with(Budget.LAYERS, 500)).isEqualTo(Budgets.DEFAULT);
  }
}
