package io.daxconv.converter;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.daxfs.DaxfsPlan;
import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.daxfs.OverlaySize;
import io.daxconv.converter.daxfs.PageCacheSize;
import io.daxconv.converter.erofs.ErofsPlan;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.image.ImagePlan;
import io.daxconv.converter.image.ImageWriter;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.stored.StoredLayerReader;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.OwnerShift;
import io.daxconv.converter.tree.PathWalk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One conversion: the trees of one or more images, then the files that hold them. */
final class Conversion {
  /** What a file of several images is called: what it holds is named one by one. */
  private static final String POOL = "pool";

  private final ConversionOptions options;
  private final ConversionListener listener;
  private final List<Remark> remarks = new ArrayList<>();
  private final List<PackedImage> packed = new ArrayList<>();

  Conversion(ConversionOptions options, ConversionListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** Reads trees, storing the data of their files. */
  @FunctionalInterface
  private interface Source {
    Directory read(ExtentStore store) throws IOException;
  }

  ConversionResult convert(SourceImage image, Path output) throws IOException {
    checkOutside(image, output);
    return write(output, store -> flatten(image, "", store));
  }

  /** To an output that is the caller's to close. */
  ConversionResult convert(SourceImage image, ImageOutput output) throws IOException {
    return write(output, store -> flatten(image, "", store));
  }

  ConversionResult pack(List<NamedImage> images, Path output) throws IOException {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: expected at least one, found none");
    }
    return write(
        output,
        store -> {
          TreeMap<String, Directory> roots = new TreeMap<>();
          for (NamedImage image : images) {
            try (SourceImage opened = image.opening().open()) {
              checkOutside(opened, output);
              Directory root = flatten(opened, image.name(), store);
              if (roots.put(image.name(), root) != null) {
                throw new LayerException(
                    "image " + image.name() + ": expected each name once, found it again");
              }
            }
          }
          packed.sort(Comparator.comparing(PackedImage::name));
          return Directory.holding(roots);
        });
  }

  private ConversionResult write(Path output, Source source) throws IOException {
    for (AddedFile file : options.changes().added()) {
      checkOutside(file.source(), output);
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

  private void checkOutside(SourceImage image, Path output) throws IOException {
    for (Layer layer : image.layers()) {
      if (layer instanceof DirectoryLayer directory) {
        checkOutside(directory.root(), output);
      }
    }
  }

  /** A directory that holds the file which is made of it would be another one each time. */
  private void checkOutside(Path directory, Path output) throws IOException {
    Path backing = options.placement().backing();
    for (Path file : backing == null ? List.of(output) : List.of(output, backing)) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null
          && Files.isDirectory(parent)
          && Files.isDirectory(directory)
          && parent.toRealPath().startsWith(directory.toRealPath())) {
        throw new OutputException(
            file, "expected a place outside the directory that is converted, " + directory);
      }
    }
  }

  /**
   * One image's tree.
   *
   * @param name its directory; empty where the image is all there is
   */
  private Directory flatten(SourceImage image, String name, ExtentStore store) throws IOException {
    try (LayerStack stack =
        new LayerStack(
            image.layers(),
            options.jobs(),
            options.budgets(),
            listener,
            (regular, reader) ->
                regular.setExtent(
                    reader instanceof StoredLayerReader stored
                        ? stored.storeIn(store)
                        : store.store(regular.size(), reader::copyData)))) {
      Directory root = stack.flatten();
      String directory = name.isEmpty() ? "" : "/" + name;
      for (Remark remark : stack.merged().remarks()) {
        remarks.add(new Remark(remark.id(), directory + remark.path(), remark.detail()));
      }
      packed.add(describe(image, name, directory, stack.diffIds()));
      return root;
    }
  }

  private PackedImage describe(
      SourceImage image, String name, String directory, List<Digest> diffIds) {
    ImageConfig config = image.config();
    JsonNode runConfig = config == null ? null : config.json().get("config");
    return new PackedImage(
        name,
        directory,
        reference(image, diffIds),
        config == null ? null : config.digest(),
        config == null ? null : config.platform(),
        diffIds,
        runConfig == null || runConfig.isNull() ? null : runConfig,
        options.recordSource() ? image.provenance() : null);
  }

  /** What the image is called, the same from every source, unless its source is to be recorded. */
  private String reference(SourceImage image, List<Digest> diffIds) {
    if (options.recordSource()) {
      return image.provenance().reference();
    }
    ImageConfig config = image.config();
    if (config != null) {
      return config.digest().toString();
    }
    return diffIds.isEmpty() ? "directory" : diffIds.getFirst().toString();
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
    shiftOwners(root, inodes);
    LeftOut leftOut = LeftOut.of(root);
    remarks.addAll(host.remarks());
    remarks.addAll(leftOut.remarks());
    Extents extents = Extents.settle(inodes, store);
    BackingFile data = backing == null ? null : new BackingFile(backing, store, options);
    byte[] contents = store.contentsDigest();
    ImageMode.Backing written = data == null ? null : data.finish(inodes, contents);
    byte[] annex = annexBytes(annex(leftOut, host, mode(written)));
    ImagePlan plan = plan(inodes, store.end(), written, annex.length);
    listener.writing(plan.totalSize());
    ImageWriter.write(plan, annex, contents, file);
    return Results.of(output, plan, extents, leftOut, remarks, options, written);
  }

  /** Each inode once, whatever its names. */
  private void shiftOwners(Directory root, InodeTable inodes) throws LayerException {
    long by = options.changes().uidShift();
    if (by == 0) {
      return;
    }
    OwnerShift shift = new OwnerShift(by);
    for (Node node : inodes.all()) {
      try {
        shift.shift(node);
      } catch (FlattenException e) {
        throw new LayerException("uid-shift: " + path(root, node) + ": " + e.getMessage(), e);
      }
    }
  }

  private static String path(Directory root, Node node) {
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      if (walk.node() == node) {
        return Escapes.escape(walk.path());
      }
    }
    return "/";
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

  private ImageMode mode(ImageMode.@Nullable Backing backing) {
    OverlaySize overlay = options.overlay();
    String name =
        backing != null
            ? ImageMode.SPLIT
            : overlay == null || overlay.pool() == 0 ? ImageMode.STATIC : ImageMode.WRITABLE;
    return new ImageMode(
        name, backing, options.placement().alignLarge(), options.changes().uidShift());
  }

  private Annex annex(LeftOut leftOut, HostFiles host, ImageMode mode) {
    PackedImage one = packed.getFirst();
    boolean isPool = !one.name().isEmpty();
    return new Annex(
        isPool ? POOL : one.reference(),
        isPool ? null : one.imageId(),
        isPool ? null : one.platform(),
        isPool ? List.of() : one.diffIds(),
        isPool ? null : one.config(),
        isPool ? null : one.source(),
        leftOut.xattrs(),
        leftOut.specialFiles(),
        remarks,
        mode,
        host.added(),
        isPool ? packed : List.of());
  }

  private static byte[] annexBytes(Annex annex) throws LayerException {
    byte[] bytes = AnnexJson.toBytes(annex);
    if (bytes.length > AnnexJson.LONGEST) {
      throw new LayerException(
          "annex: expected at most "
              + AnnexJson.LONGEST
              + " bytes for xattrs and special files, found "
              + bytes.length);
    }
    return bytes;
  }
}
