package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.running.PlanStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what is up. */
@Command(
    name = "ps",
    description = "List the plans that daxconv up has carried out, and their containers.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PsCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Mixin private StateOptions state;

  PsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<PlanStatus> plans = PlanStatus.all(state.directory());
    if (json) {
      ObjectNode all = Json.object();
      ArrayNode array = all.putArray("plans");
      plans.forEach(plan -> array.add(PlanListing.json(plan)));
      Json.print(streams.out(), all);
    } else {
      PlanListing.print(plans, streams.out());
    }
    return Main.DONE;
  }
}
