package io.daxconv.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/**
 * The commands by their names and aliases. Picocli's model of a command takes milliseconds, so only
 * what a command line can ask for is made.
 */
final class Commands {
  private static final Map<String, Class<?>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("pull-and-convert", ConvertCommand.class);
    BY_NAME.put("convert", ConvertCommand.class);
    BY_NAME.put("pack", PackCommand.class);
    BY_NAME.put("create-empty", CreateEmptyCommand.class);
    BY_NAME.put("verify", VerifyCommand.class);
    BY_NAME.put("inspect", InspectCommand.class);
    BY_NAME.put("mount-spec", MountSpecCommand.class);
    BY_NAME.put("push", PushCommand.class);
    BY_NAME.put("pull", PullCommand.class);
    BY_NAME.put("mount", MountCommand.class);
    BY_NAME.put("umount", UmountCommand.class);
    BY_NAME.put("up", UpCommand.class);
    BY_NAME.put("down", DownCommand.class);
    BY_NAME.put("ps", PsCommand.class);
    BY_NAME.put("batch", BatchCommand.class);
    BY_NAME.put("ls", LsCommand.class);
    BY_NAME.put("cat", CatCommand.class);
    BY_NAME.put("stat", StatCommand.class);
    BY_NAME.put("find", FindCommand.class);
    BY_NAME.put("du", DuCommand.class);
    BY_NAME.put("extract", ExtractCommand.class);
    BY_NAME.put("diff", DiffCommand.class);
    BY_NAME.put("load", LoadCommand.class);
    BY_NAME.put("unload", UnloadCommand.class);
  }

  private Commands() {}

  /** The program with the commands that these arguments can need. */
  static CommandLine of(Daxconv program, Streams streams, String... args) {
    CommandLine line = new CommandLine(program, new CommandFactory(streams));
    neededBy(args).forEach(line::addSubcommand);
    for (CommandLine command : Set.copyOf(line.getSubcommands().values())) {
      if (command.getCommand() instanceof FindCommand) {
        // Its tests look like options, and their order counts.
        command.setUnmatchedOptionsArePositionalParams(true);
      }
      if (command.getCommand() instanceof BudgetOptions.Reader reader) {
        reader.budgets().addTo(command.getCommandSpec());
      }
    }
    return line;
  }

  /** The one that is named first; for help and for what is misspelt, all. */
  static Collection<Class<?>> neededBy(String... args) {
    Optional<String> first = Arrays.stream(args).filter(arg -> !arg.startsWith("-")).findFirst();
    if (first.isPresent() && BY_NAME.containsKey(first.get())) {
      return List.of(BY_NAME.get(first.get()));
    }
    boolean version = args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
    return version ? List.of() : BY_NAME.values().stream().distinct().toList();
  }
}
