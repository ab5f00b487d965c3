package io.daxconv.converter.annex;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the parts of an annex together. */
final class AnnexCollector implements AnnexListener {
  private String reference = "";
  private @Nullable Digest imageId;
  private @Nullable Platform platform;
  private @Nullable JsonNode config;
  private @Nullable Provenance source;
  private final List<Digest> diffIds = new ArrayList<>();
  private final List<FileXattrs> xattrs = new ArrayList<>();
  private final List<SpecialFile> specialFiles = new ArrayList<>();
  private final List<Remark> remarks = new ArrayList<>();

  private final List<AddedPath> added = new ArrayList<>();
  private final List<PackedImage> images = new ArrayList<>();
  private ImageMode mode = ImageMode.USUAL;

  Annex annex() {
    return new Annex(
        reference,
        imageId,
        platform,
        diffIds,
        config,
        source,
        xattrs,
        specialFiles,
        remarks,
        mode,
        added,
        images);
  }

  @Override
  public void reference(String found) {
    reference = found;
  }

  @Override
  public void imageId(Digest found) {
    imageId = found;
  }

  @Override
  public void platform(Platform found) {
    platform = found;
  }

  @Override
  public void diffId(Digest found) {
    diffIds.add(found);
  }

  @Override
  public void config(JsonNode found) {
    config = found;
  }

  @Override
  public void source(Provenance found) {
    source = found;
  }

  @Override
  public void xattrs(FileXattrs found) {
    xattrs.add(found);
  }

  @Override
  public void specialFile(SpecialFile found) {
    specialFiles.add(found);
  }

  @Override
  public void remark(Remark found) {
    remarks.add(found);
  }

  @Override
  public void mode(ImageMode found) {
    mode = found;
  }

  @Override
  public void added(AddedPath found) {
    added.add(found);
  }

  @Override
  public void image(PackedImage found) {
    images.add(found);
  }
}
