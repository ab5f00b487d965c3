package io.daxconv.converter;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.daxfs.DaxfsPlan;
import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.daxfs.PageCacheSize;
import io.daxconv.converter.erofs.ErofsPlan;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.image.ImagePlan;
import io.daxconv.converter.image.ImageWriter;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.tree.Directory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One conversion: the trees of one or more images, then the files that hold them. */
final class Conversion {
  private final ConversionOptions options;
  private final ConversionListener listener;
  private final FlattenedImages images;

  Conversion(ConversionOptions options, ConversionListener listener) {
    this.options = options;
    this.listener = listener;
    this.images = new FlattenedImages(options, listener);
  }

  /** Reads trees, storing the data of their files. */
  @FunctionalInterface
  private interface Source {
    Directory read(ExtentStore store) throws IOException;
  }

  ConversionResult convert(SourceImage image, Path output) throws IOException {
    places(output).requireOutside(image);
    return write(output, store -> images.flatten(image, "", store));
  }

  /** To an output that is the caller's to close. */
  ConversionResult convert(SourceImage image, ImageOutput output) throws IOException {
    return write(output, store -> images.flatten(image, "", store));
  }

  ConversionResult pack(List<NamedImage> named, Path output) throws IOException {
    if (named.isEmpty()) {
      throw new IllegalArgumentException("images: expected at least one, found none");
    }
    return write(
        output,
        store -> {
          TreeMap<String, Directory> roots = new TreeMap<>();
          for (NamedImage image : named) {
            try (SourceImage opened = image.opening().open()) {
              places(output).requireOutside(opened);
              Directory root = images.flatten(opened, image.name(), store);
              if (roots.put(image.name(), root) != null) {
                throw new LayerException(
                    "image " + image.name() + ": expected each name once, found it again");
              }
            }
          }
          return Directory.holding(roots);
        });
  }

  private OutputPlaces places(Path output) {
    return OutputPlaces.of(output, options.placement().backing());
  }

  private ConversionResult write(Path output, Source source) throws IOException {
    for (AddedFile file : options.changes().added()) {
      places(output).requireOutside(file.source());
    }
    try (OutputFile file = OutputFile.create(output)) {
      return write(file, source);
    }
  }

  private ConversionResult write(ImageOutput output, Source source) throws IOException {
    Path backing = options.placement().backing();
    try {
      if (backing != null) {
        return split(output, backing, source);
      }
      ConversionResult result = write(output.place(), output.channel(), null, source);
      output.commit();
      return result;
    } catch (DaxconvException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // Reads and writes of open files fail without a name, on a full disk above all.
      throw OutputFile.failure(output.place(), e);
    }
  }

  private ConversionResult split(ImageOutput output, Path backing, Source source)
      throws IOException {
    if (backing.toAbsolutePath().normalize().equals(output.place().toAbsolutePath().normalize())) {
      throw new OutputException(backing, "expected another file for the data than for the image");
    }
    try (OutputFile data = OutputFile.create(backing)) {
      ConversionResult result = write(output.place(), output.channel(), data.channel(), source);
      // First, so that an image is never without its data.
      data.commit();
      output.commit();
      return result;
    }
  }

  private ConversionResult write(
      Path output, FileChannel file, @Nullable FileChannel backing, Source source)
      throws IOException {
    ExtentStore store =
        new ExtentStore(
            backing == null ? file : backing,
            options.pageSize(),
            options.pageSize(),
            options.placement().alignLarge());
    Directory root = source.read(store);
    HostFiles host = new HostFiles(root, store, options.recordSource());
    for (AddedFile added : options.changes().added()) {
      host.add(added);
    }
    InodeTable inodes = InodeTable.of(root);
    ShiftedOwners.shift(root, inodes, options.changes().uidShift());
    LeftOut leftOut = LeftOut.of(root);
    Extents extents = Extents.settle(inodes, store);
    BackingFile data = backing == null ? null : new BackingFile(backing, store, options);
    byte[] contents = store.contentsDigest();
    ImageMode.Backing written = data == null ? null : data.finish(inodes, contents);
    Annex said = ImageAnnex.of(images, host, leftOut, options, written);
    byte[] annex = ImageAnnex.bytes(said);
    ImagePlan plan = plan(inodes, store.end(), written, annex.length);
    listener.writing(plan.totalSize());
    ImageWriter.write(plan, annex, contents, file);
    return Results.of(output, plan, extents, leftOut, said.remarks(), options, written);
  }

  private ImagePlan plan(
      InodeTable inodes, long dataEnd, ImageMode.@Nullable Backing backing, long annexLength)
      throws LayerException {
    int pageSize = options.pageSize();
    if (backing != null) {
      int slots = options.placement().pageCacheSlots();
      PageCacheSize pageCache =
          slots == 0 ? PageCacheSize.of(dataEnd - pageSize, pageSize) : new PageCacheSize(slots);
      return ImagePlan.of(
          DaxfsPlan.split(inodes, pageSize, options.overlay(), pageCache), null, annexLength);
    }
    DaxfsPlan daxfs = DaxfsPlan.of(inodes, dataEnd, pageSize, options.overlay());
    ErofsPlan erofs = options.erofsView() ? ErofsPlan.of(inodes, daxfs.end()) : null;
    ImagePlan plan = ImagePlan.of(daxfs, erofs, annexLength);
    if (erofs != null) {
      BackingFile.checkErofsSize(plan.totalSize());
    }
    return plan;
  }
}
