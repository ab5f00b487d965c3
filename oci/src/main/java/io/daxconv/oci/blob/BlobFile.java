package io.daxconv.oci.blob;

import io.daxconv.converter.files.ResumableFile;
import io.daxconv.converter.files.UnfinishedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Where a blob stands while it comes in. */
sealed interface BlobFile extends Closeable {
  FileChannel channel();

  void moveTo(Path target) throws IOException;

  /** Sees to it that nobody goes on with what is there. */
  void giveUp() throws IOException;

  /** One file for each digest, with which a later run goes on. */
  record Resumable(ResumableFile file) implements BlobFile {
    @Override
    public FileChannel channel() {
      return file.channel();
    }

    @Override
    public void moveTo(Path target) throws IOException {
      file.moveTo(target);
    }

    @Override
    public void giveUp() throws IOException {
      file.giveUp();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A file of this download alone, where another process is at work on the same blob. */
  record Own(UnfinishedFile file) implements BlobFile {
    @Override
    public FileChannel channel() {
      return file.channel();
    }

    @Override
    public void moveTo(Path target) throws IOException {
      file.moveTo(target);
    }

    @Override
    public void giveUp() {
      // Closing removes it.
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** The resumable file, or one of its own. */
  static BlobFile open(Path directory, String name, String suffix) throws IOException {
    ResumableFile shared = ResumableFile.open(directory.resolve(name + suffix));
    return shared != null
        ? new Resumable(shared)
        : new Own(UnfinishedFile.create(directory, name + ".", suffix));
  }
}
