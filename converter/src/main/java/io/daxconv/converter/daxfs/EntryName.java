package io.daxconv.converter.daxfs;

/** The rule for names in directories: 1 to 255 bytes, no slash, no NUL, neither dot nor dots. */
public final class EntryName {
  private EntryName() {}

  /** Whether an entry's name can be looked up. */
  public static boolean isValid(DirectoryEntry entry) {
    return entry.nameLength() <= DirectoryEntry.NAME_ROOM && isValid(entry.name());
  }

  /** Whether a name can be looked up. */
  public static boolean isValid(byte[] name) {
    if (name.length < 1 || name.length > DirectoryEntry.NAME_ROOM) {
      return false;
    }
    for (byte b : name) {
      if (b == 0 || b == '/') {
        return false;
      }
    }
    return name[0] != '.' || !(name.length == 1 || (name.length == 2 && name[1] == '.'));
  }
}
