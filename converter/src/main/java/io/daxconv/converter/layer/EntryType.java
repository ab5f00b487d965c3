package io.daxconv.converter.layer;

/** What an entry of a layer makes. */
public enum EntryType {
  REGULAR,
  DIRECTORY,
  SYMLINK,
  HARD_LINK,
  CHARACTER_DEVICE,
  BLOCK_DEVICE,
  FIFO,
  SOCKET
}
