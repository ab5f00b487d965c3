package io.daxconv.converter.stored;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.LayerException;
import io.daxconv.converter.files.AbandonedFiles;
import io.daxconv.converter.files.UnfinishedFile;
import io.daxconv.converter.linux.SparseFile;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Layers that are kept, by diff_id, in a directory that any number of processes can share: {@code
 * sha256/<hex>}. A layer that many images have is read once; who comes while it is being read
 * waits. What another process has kept is checked before it is used. What was used longest ago goes
 * first when there is more than there may be; what this process uses stays, and what another one
 * uses it has open.
 */
public final class StoredLayers {
  private static final String PART = ".part";

  private final Path directory;
  private final long most;
  private final Budgets budgets;
  private final ConcurrentHashMap<Digest, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Set<Digest> sound = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Integer> used = new ConcurrentHashMap<>();
  private final ReentrantLock eviction = new ReentrantLock();

  private StoredLayers(Path directory, long most, Budgets budgets) {
    this.directory = directory;
    this.most = most;
    this.budgets = budgets;
  }

  /**
   * Opens a directory, made if it is not there, and removes what dead processes have left
   * unfinished.
   *
   * @param most bytes that may stand there when nothing is under way
   * @param budgets how much a layer may take
   */
  public static StoredLayers open(Path directory, long most, Budgets budgets) throws IOException {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path layers = directory.resolve(algorithm.label());
      Files.createDirectories(layers);
      AbandonedFiles.remove(layers, "*" + PART);
    }
    return new StoredLayers(directory, most, budgets);
  }

  /** Reads a layer, and tries again if that can help. */
  @FunctionalInterface
  public interface Source {
    /** Hands the layer, from its start each time, to {@code keep} and gives what that gives. */
    StoredLayerFile read(Keep keep) throws IOException;
  }

  /** Takes a layer. */
  @FunctionalInterface
  public interface Keep {
    /** Reads it to its end, checks it and keeps it. */
    StoredLayerFile keep(TarLayer layer, LongConsumer progress) throws IOException;
  }

  /**
   * A layer, read now if it is not there. The caller closes it.
   *
   * @param diffId the digest of its tar
   */
  public StoredLayerFile get(Digest diffId, Source source) throws IOException {
    ReentrantLock lock = locks.computeIfAbsent(diffId, d -> new ReentrantLock());
    lock.lock();
    try {
      StoredLayerFile kept = find(diffId);
      return kept == null ? source.read((layer, progress) -> keep(diffId, layer, progress)) : kept;
    } finally {
      lock.unlock();
    }
  }

  private Path path(Digest diffId) {
    return directory.resolve(diffId.algorithm().label()).resolve(diffId.hex());
  }

  private @Nullable StoredLayerFile find(Digest diffId) throws IOException {
    Path path = path(diffId);
    // Before it is looked for: who evicts looks here.
    used.merge(path.toString(), 1, Integer::sum);
    StoredLayerFile kept = null;
    try {
      kept = open(diffId, path);
      Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
    } catch (NoSuchFileException absent) {
      // Not there, or evicted by another process while it was opened, which does no harm.
      return kept;
    } catch (LayerException damaged) {
      sound.remove(diffId);
      Files.deleteIfExists(path);
      return null;
    } finally {
      if (kept == null) {
        unused(path);
      }
    }
    return kept;
  }

  private StoredLayerFile open(Digest diffId, Path path) throws IOException {
    SparseFile file = SparseFile.open(path);
    boolean whole = false;
    try {
      StoredLayerFile kept = StoredLayerFile.of(path, file, diffId, () -> unused(path));
      if (!sound.contains(diffId)) {
        StoredLayerCheck.check(kept);
        sound.add(diffId);
      }
      whole = true;
      return kept;
    } finally {
      if (!whole) {
        file.close();
      }
    }
  }

  private void unused(Path path) {
    used.computeIfPresent(path.toString(), (p, count) -> count == 1 ? null : count - 1);
  }

  private StoredLayerFile keep(Digest diffId, TarLayer layer, LongConsumer progress)
      throws IOException {
    Path path = path(diffId);
    Path parent = directory.resolve(diffId.algorithm().label());
    // Before it stands there: another thread may evict as soon as it does.
    used.merge(path.toString(), 1, Integer::sum);
    StoredLayerFile kept = null;
    try (UnfinishedFile file = UnfinishedFile.create(parent, diffId.hex() + ".", PART);
        UnfinishedFile entries = UnfinishedFile.create(parent, diffId.hex() + ".", PART)) {
      StoredLayerWriter.write(layer, budgets, file.channel(), entries.channel(), progress);
      FileChannel written = file.channel();
      file.moveTo(path);
      written.close();
      sound.add(diffId);
      kept = open(diffId, path);
    } finally {
      if (kept == null) {
        unused(path);
      }
    }
    evict();
    return kept;
  }

  private record Old(Path path, long size, FileTime used) {}

  /**
   * Removes what was used longest ago and is not in use, until the rest is no more than it may be.
   */
  public void evict() throws IOException {
    eviction.lock();
    try {
      List<Old> kept = kept();
      long bytes = kept.stream().mapToLong(Old::size).sum();
      kept.sort(Comparator.comparing(Old::used).thenComparing(Old::path));
      for (Old old : kept) {
        if (bytes <= most) {
          return;
        }
        if (!used.containsKey(old.path().toString())) {
          Files.deleteIfExists(old.path());
          bytes -= old.size();
        }
      }
    } finally {
      eviction.unlock();
    }
  }

  private List<Old> kept() throws IOException {
    List<Old> kept = new ArrayList<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(
              directory.resolve(algorithm.label()), file -> !file.toString().endsWith(PART))) {
        for (Path file : files) {
          BasicFileAttributes attributes = attributes(file);
          if (attributes != null) {
            kept.add(new Old(file, attributes.size(), attributes.lastModifiedTime()));
          }
        }
      }
    }
    return kept;
  }

  /** Null for one that another process has removed. */
  private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException gone) {
      return null;
    }
  }
}
