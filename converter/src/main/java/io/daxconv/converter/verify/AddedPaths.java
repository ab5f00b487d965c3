package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AddedPath;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.text.Escapes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths of an image that its source need not have, because the annex says that files of a host were
 * added: no more paths and bytes than it says, and a single file only with the digest that it
 * names. Paths that equal those of the source are compared as any other.
 */
public final class AddedPaths {
  private final Map<String, Place> places = new LinkedHashMap<>();
  private long taken;

  /** What was added at one path. */
  private static final class Place {
    private final boolean directory;

    /** Of a single file, unless what was added later may have replaced it. */
    private @Nullable Digest sha256;

    private long left;
    private long bytesLeft;
    private boolean found;

    Place(AddedPath added) {
      this.directory = added.sha256() == null;
      this.sha256 = added.sha256();
      this.left = added.files();
      this.bytesLeft = added.size();
    }
  }

  private AddedPaths() {}

  /** Of an image with this annex; of one without, nothing was added. */
  public static AddedPaths of(@Nullable Annex annex) {
    AddedPaths paths = new AddedPaths();
    if (annex != null) {
      for (AddedPath added : annex.added()) {
        Place place = new Place(added);
        paths.places.forEach(
            (path, earlier) -> {
              if (place.directory && isBelow(path, added.path())) {
                earlier.sha256 = null;
              }
            });
        Place same = paths.places.put(added.path(), place);
        place.left += same == null ? 0 : same.left;
        place.bytesLeft += same == null ? 0 : same.bytesLeft;
      }
    }
    return paths;
  }

  /** How many paths were found to be added, directories made on the way to them not counted. */
  public long taken() {
    return taken;
  }

  /** Whether what is at a path may have been added or replaced. */
  boolean covers(String path) {
    return places.containsKey(path) || directoryOf(path) != null;
  }

  private @Nullable Place directoryOf(String path) {
    for (Map.Entry<String, Place> place : places.entrySet()) {
      if (place.getValue().directory && isBelow(path, place.getKey())) {
        return place.getValue();
      }
    }
    return null;
  }

  private static boolean isBelow(String path, String directory) {
    return path.startsWith(directory.endsWith("/") ? directory : directory + "/");
  }

  /** Takes note of a path that the image has. */
  void found(String path) {
    Place place = places.get(path);
    if (place != null) {
      place.found = true;
    }
  }

  /**
   * Whether a path that the source lacks, or has otherwise, is as it is because it was added.
   *
   * @param isNew whether the source lacks it
   * @throws CorruptImageException if its bytes have to be read for it and cannot be
   */
  boolean take(TreeEntry entry, boolean isNew) throws CorruptImageException {
    String path = Escapes.escape(entry.path());
    Place at = places.get(path);
    Place place = at == null ? directoryOf(path) : at;
    if (place == null) {
      return isNew
          && entry.content() instanceof TreeEntry.Directory
          && places.keySet().stream().anyMatch(added -> isBelow(added, path));
    }
    long bytes = entry.content() instanceof TreeEntry.Regular(long size, _, _) ? size : 0;
    if (place.left == 0 || bytes > place.bytesLeft || !isAsNamed(entry, place)) {
      return false;
    }
    place.left--;
    place.bytesLeft -= bytes;
    taken++;
    return true;
  }

  private static boolean isAsNamed(TreeEntry entry, Place place) throws CorruptImageException {
    return place.sha256 == null
        || (entry.content() instanceof TreeEntry.Regular file
            && file.bytes().sha256().equals(place.sha256));
  }

  /** Adds a finding for each path of the annex that the image lacks. */
  void addMissing(Findings findings) {
    places.forEach(
        (path, place) -> {
          if (!place.found) {
            findings.add("path-missing", path, "what the annex says was added", "nothing");
          }
        });
  }
}
