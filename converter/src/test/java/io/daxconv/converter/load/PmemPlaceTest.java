package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The label area of ramdax: a block device of which it is the end, and one that ends before it. */
@RequiresTools(
    value = {"losetup", "mknod"},
    root = true)
final class PmemPlaceTest {
  private static final int LABELS = 128 << 10;

  @TempDir private Path directory;
  private LoopPmem pmem;
  private Path image = Path.of("");
  private byte[] bytes = new byte[0];

  @BeforeEach
  void makeDeviceAndImage() throws Exception {
    image = directory.resolve("a.daxfs");
    Converter.convert(source(), image, ConversionOptions.DEFAULT, ConversionListener.NONE);
    bytes = Files.readAllBytes(image);
    pmem = LoopPmem.make(Files.createDirectory(directory.resolve("device")));
  }

  @AfterEach
  void detach() throws Exception {
    if (pmem != null) {
      pmem.detach();
    }
  }

  private static SourceImage source() {
    return TestImages.of(TarBuilder.tar().file("a", "x".repeat(300_000)).build());
  }

  private Loader loader() {
    return LoopPmem.loader(directory.resolve("device"));
  }

  private void onlyTheImageWasWritten() throws Exception {
    assertThat(pmem.bytes(0, bytes.length)).isEqualTo(bytes);
    assertThat(pmem.isUntouched(bytes.length, LoopPmem.BYTES)).isTrue();
  }

  @Test
  void refusesAnImageThatReachesIntoTheLabelArea() throws Exception {
    int range = bytes.length + LABELS - 4096;
    pmem.is("ramdax", range, range);

    assertThatThrownBy(() -> loader().load(image, LoadListener.NONE))
        .isInstanceOf(LoadException.class)
        .hasMessageEndingWith(
            "expected room for %d bytes, found %d".formatted(bytes.length, bytes.length - 4096));
    assertThat(pmem.isUntouched(0, LoopPmem.BYTES)).isTrue();
    try (MemoryOutput output = loader().output("x", -1)) {
      assertThatThrownBy(
              () ->
                  Converter.convert(
                      source(), output, ConversionOptions.DEFAULT, ConversionListener.NONE))
          .hasMessageContaining("expected room for the image, found " + (bytes.length - 4096));
    }
    assertThat(pmem.isUntouched(range - LABELS, LoopPmem.BYTES)).isTrue();
  }

  @Test
  void fillsWhatIsInFrontOfTheLabelArea() throws Exception {
    int range = bytes.length + LABELS;
    pmem.is("ramdax", range, range);

    assertThat(loader().load(image, LoadListener.NONE).capacity()).isEqualTo(bytes.length);

    onlyTheImageWasWritten();
    pmem.unloader().unload();
    assertThat(pmem.isUntouched(range - LABELS, LoopPmem.BYTES)).isTrue();
  }

  @Test
  void aDeviceThatEndsBeforeTheLabelAreaIsUsedWhole() throws Exception {
    pmem.is("ramdax", bytes.length + LABELS, bytes.length);

    assertThat(loader().load(image, LoadListener.NONE).capacity()).isEqualTo(bytes.length);

    onlyTheImageWasWritten();
  }

  @Test
  void otherDriversHaveNoLabelsAtTheEnd() throws Exception {
    pmem.is("e820", bytes.length, bytes.length);

    assertThat(loader().load(image, LoadListener.NONE).capacity()).isEqualTo(bytes.length);

    onlyTheImageWasWritten();
  }
}
