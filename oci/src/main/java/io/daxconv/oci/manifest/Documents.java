package io.daxconv.oci.manifest;

import io.daxconv.converter.Budget;
import io.daxconv.converter.Budgets;
import java.io.IOException;

/** Reads documents of which nobody said how large they are. */
public final class Documents {
  private Documents() {}

  /** Gives at most so many bytes of a document. */
  @FunctionalInterface
  public interface Source {
    byte[] read(int most) throws IOException;
  }

  /**
   * Reads a manifest, index or config whole.
   *
   * @param what how complaints name it
   * @throws io.daxconv.converter.BudgetException if it is larger than it may be; no more than that
   *     is read
   */
  public static byte[] read(String what, Budgets budgets, Source source) throws IOException {
    byte[] bytes = source.read((int) budgets.limit(Budget.MANIFEST_SIZE) + 1);
    budgets.check(Budget.MANIFEST_SIZE, bytes.length, what);
    return bytes;
  }
}
