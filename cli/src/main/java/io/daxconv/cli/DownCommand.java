package io.daxconv.cli;

import io.daxconv.converter.running.Down;
import io.daxconv.converter.running.StateDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Undoes what {@code up} has done. */
@Command(
    name = "down",
    description = {
      "Unmount and remove what daxconv up has made, all of it and nothing else. Needs root.",
      "What containers have written stays, unless --purge."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DownCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "PLAN", description = "a plan's name, or its FILE")
  private List<String> plans = new ArrayList<>();

  @Option(names = "--all", description = "all plans")
  private boolean all;

  @Option(names = "--purge", description = "delete what containers have written")
  private boolean purge;

  @Mixin private StateOptions state;

  DownCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (all == !plans.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "expected a plan's name or --all, found " + (all ? "both" : "neither"));
    }
    StateDirectory states = state.directory();
    List<String> names = new ArrayList<>();
    for (String plan : plans) {
      names.add(states.find(plan));
    }
    int exit = Main.DONE;
    for (String name : all ? states.names() : names) {
      Down.Result result = Down.run(name, purge, states);
      for (String problem : result.problems()) {
        streams.err().println("daxconv: " + ErrorLine.oneLine(problem));
        exit = Main.FAILED;
      }
      if (!result.kept().isEmpty()) {
        String first = ShellWord.quote(result.kept().getFirst().toString());
        int more = result.kept().size() - 1;
        streams
            .err()
            .println(
                ErrorLine.ofUser(
                    "daxconv: kept what containers have written: "
                        + first
                        + (more == 0 ? "" : " and " + more + " more")
                        + "; daxconv down --purge "
                        + name
                        + " deletes it"));
      }
    }
    return exit;
  }
}
