package io.daxconv.converter.running;

import java.io.IOException;

/** Takes what is about to be done, before it is done. */
@FunctionalInterface
interface Telling {
  void tell(JournalEntry entry) throws IOException;
}
