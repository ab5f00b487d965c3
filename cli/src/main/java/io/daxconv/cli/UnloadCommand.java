package io.daxconv.cli;

import io.daxconv.converter.load.Unloader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes an image out of memory. */
@Command(
    name = "unload",
    description =
        "Unmount what load has mounted, and clear the superblocks, so that nobody mounts the rest.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UnloadCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "TARGET", description = "the target, as load was given it")
  private String target;

  @Mixin private LoadArguments load;
  @Mixin private OutputOptions say;

  UnloadCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<String> done = Unloader.of(load.target(target), load.options()).unload();
    if (say.json) {
      var json = Json.object().put("target", target);
      done.forEach(json.putArray("done")::add);
      Json.print(streams.out(), json);
    } else if (!say.quiet) {
      done.forEach(line -> streams.out().println(ErrorLine.ofUser(line)));
    }
    return Main.DONE;
  }
}
