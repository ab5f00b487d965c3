package io.daxconv.converter;

import java.util.EnumMap;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How much of each {@link Budget} an image may take. What goes beyond is refused before it is read,
 * kept or counted further.
 */
public final class Budgets {
  /** Up to here no layer's expansion matters: this much is read in a second or two. */
  public static final long UNSUSPECTED = 1L << 30;

  /** Counted for each xattr beside its bytes: no less memory goes with it. */
  public static final int XATTR_COST = 32;

  public static final Budgets DEFAULT = usual();

  /** Never changed once it is here. */
  private final EnumMap<Budget, Long> limits;

  private Budgets(EnumMap<Budget, Long> limits) {
    this.limits = limits;
  }

  private static Budgets usual() {
    EnumMap<Budget, Long> limits = new EnumMap<>(Budget.class);
    for (Budget budget : Budget.values()) {
      limits.put(budget, budget.usual());
    }
    return new Budgets(limits);
  }

  /**
   * These budgets, one of them changed.
   *
   * @param limit from 1 to {@link Budget#most}, in the budget's unit
   * @throws IllegalArgumentException if the limit is none of these
   */
  public Budgets with(Budget budget, long limit) {
    if (limit < 1 || limit > budget.most()) {
      throw new IllegalArgumentException(
          budget.label() + ": expected 1 to " + budget.most() + ", found " + limit);
    }
    EnumMap<Budget, Long> changed = new EnumMap<>(limits);
    changed.put(budget, limit);
    return new Budgets(changed);
  }

  /** How much there may be, in the budget's unit. */
  public long limit(Budget budget) {
    return Objects.requireNonNull(limits.get(budget));
  }

  /**
   * Checks an amount.
   *
   * @param where the layer, and the entry if there is one; or the document
   * @throws BudgetException if it is more than there may be
   */
  public void check(Budget budget, long found, String where) throws BudgetException {
    if (found > limit(budget)) {
      throw new BudgetException(where, budget, limit(budget), found);
    }
  }

  /**
   * Checks how far a layer's blob is expanded.
   *
   * @param blobBytes of the blob: all of it where its size is known, else those read so far
   * @param tarBytes that come of them
   * @param where the layer, and the entry if there is one
   */
  public void checkExpansion(long blobBytes, long tarBytes, String where) throws BudgetException {
    if (tarBytes > UNSUSPECTED) {
      check(Budget.EXPANSION, (tarBytes - 1) / Math.max(1, blobBytes) + 1, where);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Budgets budgets && limits.equals(budgets.limits);
  }

  @Override
  public int hashCode() {
    return limits.hashCode();
  }

  @Override
  public String toString() {
    return limits.entrySet().stream()
        .map(limit -> limit.getKey().label() + "=" + limit.getValue())
        .collect(Collectors.joining(", ", "Budgets[", "]"));
  }
}
