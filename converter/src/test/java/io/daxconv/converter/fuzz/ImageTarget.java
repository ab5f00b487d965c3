package io.daxconv.converter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.browse.FileFacts;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathException;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.TarExtraction;
import io.daxconv.converter.browse.TreeFacts;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.Listing;
import io.daxconv.converter.verify.VerifyReport;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Images with any bytes of one view changed: verify reports and never throws, readers throw nothing
 * but {@link CorruptImageException}, and what verify finds sound can be read.
 *
 * <p>The first byte chooses the image and, by its top bit, whether checksums are put right after
 * the change. What follows are changes: three bytes of where (modulo the size of the view), one of
 * how many bytes (modulo 16; from 240 on the image ends there instead), and these bytes.
 */
final class ImageTarget {
  private static final int CUT = 240;

  /** Where the annex pointer ends, which counts as a part of DAXFS here, and EROFS starts. */
  private static final int EROFS = ErofsSuperblock.POSITION;

  private final List<Seed> daxfs = new ArrayList<>();
  private final List<Seed> erofs = new ArrayList<>();

  /** An image, and the two places of it that changes go to. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Seed(byte[] image, Extent superblock, Extent metadata) {
    int at(int position) {
      long at = position % (superblock.size() + metadata.size());
      return (int)
          (at < superblock.size()
              ? superblock.offset() + at
              : metadata.offset() + at - superblock.size());
    }
  }

  ImageTarget() throws IOException {
    for (byte[] image : SeedImages.make()) {
      MemorySegment bytes = MemorySegment.ofArray(image);
      ErofsView view = ErofsView.of("seed", bytes);
      int page = ErofsSuperblock.BLOCK_SIZE;
      long metadata = view == null ? image.length : view.metadataAt();
      daxfs.add(new Seed(image, new Extent(0, EROFS), new Extent(page, metadata - page)));
      if (view != null) {
        Extent superblock = new Extent(EROFS, ErofsSuperblock.SIZE);
        erofs.add(new Seed(image, superblock, new Extent(metadata, image.length - metadata)));
      }
    }
  }

  /** Changes to what DAXFS reads, and to the pointer to the annex. */
  void daxfs(byte[] input) throws IOException {
    run(daxfs, input);
  }

  /** Changes to what EROFS reads, and to the annex. */
  void erofs(byte[] input) throws IOException {
    run(erofs, input);
  }

  private static void run(List<Seed> seeds, byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] image =
        changed(seeds.get((input[0] & 0x7f) % seeds.size()), ByteBuffer.wrap(input).position(1));
    if ((input[0] & 0x80) == 0) {
      putRight(image);
    }
    check(image);
  }

  private static byte[] changed(Seed seed, ByteBuffer changes) {
    byte[] image = seed.image().clone();
    while (changes.remaining() >= 4) {
      int at = seed.at((changes.get() & 0xff) << 16 | (changes.getShort() & 0xffff));
      int count = changes.get() & 0xff;
      if (at > image.length) {
        continue;
      }
      if (count >= CUT) {
        image = Arrays.copyOf(image, at);
        continue;
      }
      int bytes = Math.min(Math.min(count % 16, changes.remaining()), image.length - at);
      changes.get(image, at, bytes);
    }
    return image;
  }

  /** The checksums of the EROFS superblock and of the annex. */
  private static void putRight(byte[] image) {
    MemorySegment bytes = MemorySegment.ofArray(image);
    if (image.length < ErofsSuperblock.BLOCK_SIZE) {
      return;
    }
    AnnexPointer pointer = AnnexPointer.read(bytes);
    if (pointer != null) {
      Extent extent = new Extent(pointer.offset(), pointer.length());
      if (extent.within(image.length)) {
        byte[] json = bytes.asSlice(extent.offset(), extent.size()).toArray(ValueLayout.JAVA_BYTE);
        new AnnexPointer(pointer.version(), pointer.offset(), pointer.length(), Digest.sha256(json))
            .write(bytes);
      }
    }
    ErofsSuperblock.seal(bytes);
  }

  private static void check(byte[] bytes) throws IOException {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    VerifyReport report = ImageVerifier.verify(segment);
    report.findings().forEach(finding -> assertThat(finding.toString()).matches("[ -~…]+"));
    StringBuilder lines = new StringBuilder();
    boolean read = true;
    try (DaxfsImage image = DaxfsImage.of("image", segment)) {
      image.annex();
      if (!image.isSplit()) {
        Listing.list(image, lines);
        browse(ImageTree.of(image, ImageView.DAXFS));
      }
      ErofsView view = ErofsView.of(image);
      if (view != null) {
        Listing.listFull(view, lines);
        browse(ImageTree.of(image, ImageView.EROFS));
      }
    } catch (CorruptImageException e) {
      read = false;
      assertThat(e.getMessage()).startsWith("image: ").matches("[ -~…]+");
    }
    assertThat(read || !report.isSound()).as("an image without findings can be read").isTrue();
  }

  /**
   * As the reading commands do: every path with its digest, a path followed, all of it as a tar.
   */
  private static void browse(ImageTree tree) throws IOException {
    TreeFacts facts = new TreeFacts(tree);
    PathLookup paths = new PathLookup(tree);
    for (FileFacts file = facts.next(); file != null; file = facts.next()) {
      if (file.kind() == FileKind.REGULAR) {
        file.content().sha256();
      }
      try {
        paths.find(file.path(), true);
      } catch (PathException nowhere) {
        // A symlink may lead to nothing, or in a circle.
        assertThat(nowhere.getMessage()).isNotEmpty();
      }
    }
    TarExtraction.write(tree, paths.find(new byte[] {'/'}, true), OutputStream.nullOutputStream());
  }
}
