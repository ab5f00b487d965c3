package io.daxconv.converter.annex;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an image says of itself beside its tree: what it was made of, its config, and what DAXFS
 * could not hold. Stored as JSON; docs/annex.md describes it.
 *
 * @param reference what the image is called: its id, which is the same wherever it is kept; with
 *     the source recorded, the reference it was found by
 * @param imageId the digest of the config blob, or null for a bare root filesystem
 * @param platform what it runs on, or null where nobody says
 * @param diffIds the digests of the uncompressed layers, oldest first; empty for a directory
 * @param config the {@code config} object of the image's config blob (entrypoint, command,
 *     environment, user, working directory, volumes, labels, stop signal), or null
 * @param source where the image was found, or null if that is not recorded
 * @param xattrs what DAXFS could not hold, by path
 * @param specialFiles what DAXFS could not hold, by path
 * @param remarks places that deserve a look
 * @param mode how the image was laid out
 * @param added what of the host was put into it
 * @param images the images that it holds, each in a directory, by name; empty where it is one
 *     image, and then all the above speaks of that
 */
public record Annex(
    String reference,
    @Nullable Digest imageId,
    @Nullable Platform platform,
    List<Digest> diffIds,
    @Nullable JsonNode config,
    @Nullable Provenance source,
    List<FileXattrs> xattrs,
    List<SpecialFile> specialFiles,
    List<Remark> remarks,
    ImageMode mode,
    List<AddedPath> added,
    List<PackedImage> images) {
  /** Of one image, laid out as usual. */
  public Annex(
      String reference,
      @Nullable Digest imageId,
      @Nullable Platform platform,
      List<Digest> diffIds,
      @Nullable JsonNode config,
      @Nullable Provenance source,
      List<FileXattrs> xattrs,
      List<SpecialFile> specialFiles,
      List<Remark> remarks) {
    this(
        reference,
        imageId,
        platform,
        diffIds,
        config,
        source,
        xattrs,
        specialFiles,
        remarks,
        ImageMode.USUAL,
        List.of(),
        List.of());
  }

  public Annex {
    diffIds = List.copyOf(diffIds);
    xattrs = List.copyOf(xattrs);
    specialFiles = List.copyOf(specialFiles);
    remarks = List.copyOf(remarks);
    added = List.copyOf(added);
    images = List.copyOf(images);
  }
}
