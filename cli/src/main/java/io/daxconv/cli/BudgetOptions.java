package io.daxconv.cli;

import io.daxconv.converter.Budget;
import io.daxconv.converter.Budgets;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** An option for each budget, called as the budget is. */
final class BudgetOptions {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,19})([KMGT]?)");

  private Budgets budgets = Budgets.DEFAULT;

  /** A command that reads images, which may cost too much. */
  interface Reader {
    BudgetOptions budgets();
  }

  Budgets budgets() {
    return budgets;
  }

  /** The option that changes a budget. */
  static String name(Budget budget) {
    return "--max-" + budget.label();
  }

  /** Gives a command the options. */
  void addTo(CommandSpec command) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder()
            .validate(false)
            .heading("%nWhat an image may take (BYTES may end in K, M, G or T):%n");
    for (Budget budget : Budget.values()) {
      group.addArg(option(budget, command));
    }
    command.addArgGroup(group.build());
  }

  private OptionSpec option(Budget budget, CommandSpec command) {
    boolean bytes = budget.unit() == Budget.Unit.BYTES;
    return OptionSpec.builder(name(budget))
        .paramLabel(bytes ? "BYTES" : "N")
        .type(String.class)
        .description(budget.what() + " (default: " + text(budget.usual(), bytes) + ")")
        .setter(setter(budget, command))
        .build();
  }

  private ISetter setter(Budget budget, CommandSpec command) {
    return new ISetter() {
      @Override
      @SuppressWarnings("TypeParameterUnusedInFormals")
      public <T> T set(T value) {
        if (value != null) {
          change(budget, value.toString(), command);
        }
        return value;
      }
    };
  }

  private void change(Budget budget, String value, CommandSpec command) {
    boolean bytes = budget.unit() == Budget.Unit.BYTES;
    BigInteger limit = amount(value, bytes);
    if (limit.signum() <= 0 || limit.compareTo(BigInteger.valueOf(budget.most())) > 0) {
      throw new ParameterException(
          command.commandLine(),
          name(budget)
              + ": expected 1 to "
              + text(budget.most(), bytes)
              + ", found "
              + ErrorLine.ofUser(value));
    }
    budgets = budgets.with(budget, limit.longValueExact());
  }

  /** Zero for what is no amount. */
  private static BigInteger amount(String text, boolean bytes) {
    Matcher amount = AMOUNT.matcher(text.toUpperCase(Locale.ROOT));
    if (!amount.matches() || (!bytes && !amount.group(2).isEmpty())) {
      return BigInteger.ZERO;
    }
    int power = " KMGT".indexOf(amount.group(2).isEmpty() ? " " : amount.group(2));
    return new BigInteger(amount.group(1)).shiftLeft(10 * power);
  }

  /** As one would write it on a command line. */
  private static String text(long amount, boolean bytes) {
    long rest = amount;
    int power = 0;
    while (bytes && power < 4 && rest % 1024 == 0) {
      rest /= 1024;
      power++;
    }
    return rest + (power == 0 ? "" : " KMGT".substring(power, power + 1));
  }
}
