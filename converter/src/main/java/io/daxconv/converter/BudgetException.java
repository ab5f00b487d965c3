package io.daxconv.converter;

/** An image that takes more than it may. Its author may be honest: the budget can be raised. */
public final class BudgetException extends DaxconvException {
  private final Budget budget;
  private final long limit;

  /**
   * An amount beyond a limit.
   *
   * @param where the layer, and the entry if there is one; or the document
   * @param limit the most that there may be
   * @param found what there is, or would be
   */
  public BudgetException(String where, Budget budget, long limit, long found) {
    super(where + ": expected at most " + limit + " " + budget.what() + ", found " + found);
    this.budget = budget;
    this.limit = limit;
  }

  /** Which it was. */
  public Budget budget() {
    return budget;
  }

  /** What it was. */
  public long limit() {
    return limit;
  }

  /** Whether more could be allowed. */
  public boolean canBeRaised() {
    return limit < budget.most();
  }
}
