package io.daxconv.converter.source;

/** One layer of an image: a tar stream, a directory that stands for one, or what is kept of one. */
public sealed interface Layer permits TarLayer, DirectoryLayer, StoredLayer {
  /** How messages name it, such as {@code layer 3 of 6 (sha256:1f0c…)}; printable ASCII. */
  String label();
}
