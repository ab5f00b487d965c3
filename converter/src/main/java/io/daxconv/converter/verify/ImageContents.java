package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The regular data of an image. Each extent is hashed at most once, however many files share it,
 * and only where somebody asks. Not for several threads at a time.
 */
public final class ImageContents {
  private final DaxfsImage image;
  private final Map<FileContent.Stored, Digest> digests = new HashMap<>();
  private long bytesLeft;
  private @Nullable ContentIndex index;

  /** The contents of an image, which must stay open. */
  public ImageContents(DaxfsImage image) {
    this.image = image;
    this.bytesLeft = image.bytesInAll();
  }

  /** The image that this is about. */
  public DaxfsImage image() {
    return image;
  }

  /**
   * What a regular file holds.
   *
   * @throws CorruptImageException if it is not all in the image
   */
  FileContent of(InodeEntry file) throws CorruptImageException {
    return new FileContent.Stored(this, image.contents(file));
  }

  /**
   * A sink for a file's bytes, which are looked for in the image while they come.
   *
   * @param size how many bytes will come
   */
  public ContentMatch match(long size) {
    if (index == null) {
      index = ContentIndex.of(image);
    }
    return new ContentMatch(this, index, size);
  }

  Digest sha256(FileContent.Stored file) throws CorruptImageException {
    Digest known = digests.get(file);
    if (known != null) {
      return known;
    }
    // Extents that overlap could add up to far more than there is to read.
    bytesLeft -= file.size();
    if (bytesLeft < 0) {
      throw new CorruptImageException(
          "%s: expected files with data of their own, found data that overlaps"
              .formatted(image.name()));
    }
    Digest digest = SegmentDigest.sha256(file.bytes());
    digests.put(file, digest);
    return digest;
  }
}
