package io.daxconv.converter;

import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.source.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * What a conversion made.
 *
 * @param file the image
 * @param size its bytes
 * @param sha256 the digest of the whole file
 * @param regularFiles regular files, hard links counted once
 * @param directories directories, the root among them
 * @param symlinks symlinks, hard links counted once
 * @param names directory entries of all kinds
 * @param fileBytes bytes of regular files as a plain copy would store them, each hard-linked file
 *     once, in whole pages
 * @param storedBytes bytes of regular data in the image, in whole pages; what is missing to {@code
 *     fileBytes} was saved by sharing
 * @param xattrsLeftOut files with xattrs that DAXFS cannot hold; the annex lists them
 * @param specialFilesLeftOut devices, FIFOs and sockets that DAXFS cannot hold; the annex lists
 *     them
 * @param remarks places in the image that deserve a look
 */
public record ConversionResult(
    Path file,
    long size,
    Digest sha256,
    long regularFiles,
    long directories,
    long symlinks,
    long names,
    long fileBytes,
    long storedBytes,
    long xattrsLeftOut,
    long specialFilesLeftOut,
    List<Remark> remarks) {
  public ConversionResult {
    remarks = List.copyOf(remarks);
  }
}
