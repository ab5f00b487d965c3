package io.daxconv.converter;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.daxfs.DaxfsPlan;
import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.erofs.ErofsPlan;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.image.ImagePlan;
import io.daxconv.converter.image.ImageWriter;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.Symlink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns an image into one DAXFS file. */
public final class Converter {
  private final SourceImage image;
  private final ConversionOptions options;
  private final ConversionListener listener;

  private Converter(SourceImage image, ConversionOptions options, ConversionListener listener) {
    this.image = image;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Flattens an image's layers and writes them as one DAXFS image. The output appears whole or not
   * at all: it is written beside its place, synced and renamed.
   *
   * @throws DaxconvException if the image cannot be read or held
   * @throws IOException if the operating system refuses
   */
  public static ConversionResult convert(
      SourceImage image, Path output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    return new Converter(image, options, listener).convert(output);
  }

  private ConversionResult convert(Path output) throws IOException {
    checkOutside(output);
    try (OutputFile file = OutputFile.create(output)) {
      ConversionResult result = write(output, file.channel());
      file.commit();
      return result;
    } catch (DaxconvException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // Reads and writes of open files fail without a name, on a full disk above all.
      throw OutputFile.failure(output, e);
    }
  }

  /** A directory that holds the file which is made of it would be another one each time. */
  private void checkOutside(Path output) throws IOException {
    Path parent = output.toAbsolutePath().getParent();
    for (Layer layer : image.layers()) {
      if (layer instanceof DirectoryLayer directory
          && parent != null
          && Files.isDirectory(parent)
          && Files.isDirectory(directory.root())
          && parent.toRealPath().startsWith(directory.root().toRealPath())) {
        throw new OutputException(
            output,
            "expected a place outside the directory that is converted, " + directory.root());
      }
    }
  }

  private ConversionResult write(Path output, FileChannel file) throws IOException {
    ExtentStore store = new ExtentStore(file, options.pageSize(), options.pageSize());
    try (LayerStack stack =
        new LayerStack(
            image.layers(),
            options.jobs(),
            options.budgets(),
            listener,
            (regular, reader) ->
                regular.setExtent(store.store(regular.size(), reader::copyData)))) {
      Directory root = stack.flatten();
      LeftOut leftOut = LeftOut.of(root);
      List<Remark> remarks = new ArrayList<>(stack.merged().remarks());
      remarks.addAll(leftOut.remarks());
      byte[] annex = annexBytes(annex(stack.diffIds(), leftOut, remarks));
      InodeTable inodes = InodeTable.of(root);
      Extents extents = Extents.settle(inodes, store);
      ImagePlan plan = plan(inodes, store.end(), annex.length);
      listener.writing(plan.totalSize());
      ImageWriter.write(plan, annex, store.contentsDigest(), file);
      return result(output, plan, extents, leftOut, remarks);
    }
  }

  private ImagePlan plan(InodeTable inodes, long dataEnd, long annexLength) throws LayerException {
    DaxfsPlan daxfs = DaxfsPlan.of(inodes, dataEnd, options.pageSize(), options.overlayRegion());
    ErofsPlan erofs = options.erofsView() ? ErofsPlan.of(inodes, daxfs.end()) : null;
    ImagePlan plan = ImagePlan.of(daxfs, erofs, annexLength);
    if (erofs != null && plan.totalSize() > ImagePlan.LARGEST_WITH_EROFS) {
      throw new LayerException(
          "EROFS view: expected an image of at most "
              + ImagePlan.LARGEST_WITH_EROFS
              + " bytes, found "
              + plan.totalSize());
    }
    return plan;
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

  private Annex annex(List<Digest> diffIds, LeftOut leftOut, List<Remark> remarks) {
    ImageConfig config = image.config();
    JsonNode runConfig = config == null ? null : config.json().get("config");
    return new Annex(
        reference(config, diffIds),
        config == null ? null : config.digest(),
        config == null ? null : config.platform(),
        diffIds,
        runConfig == null || runConfig.isNull() ? null : runConfig,
        options.recordSource() ? image.provenance() : null,
        leftOut.xattrs(),
        leftOut.specialFiles(),
        remarks);
  }

  /** What the image is called, the same from every source, unless its source is to be recorded. */
  private String reference(@Nullable ImageConfig config, List<Digest> diffIds) {
    if (options.recordSource()) {
      return image.provenance().reference();
    }
    if (config != null) {
      return config.digest().toString();
    }
    return diffIds.isEmpty() ? "directory" : diffIds.getFirst().toString();
  }

  private static ConversionResult result(
      Path output, ImagePlan plan, Extents extents, LeftOut leftOut, List<Remark> remarks) {
    long regularFiles = 0;
    long directories = 0;
    long symlinks = 0;
    for (Node node : plan.daxfs().inodes().nodes()) {
      regularFiles += node instanceof RegularFile ? 1 : 0;
      directories += node instanceof Directory ? 1 : 0;
      symlinks += node instanceof Symlink ? 1 : 0;
    }
    return new ConversionResult(
        output,
        plan.totalSize(),
        regularFiles,
        directories,
        symlinks,
        plan.daxfs().inodes().names(),
        extents.fileBytes(),
        extents.storedBytes(),
        leftOut.xattrs().size(),
        leftOut.specialFiles().size(),
        remarks);
  }
}
