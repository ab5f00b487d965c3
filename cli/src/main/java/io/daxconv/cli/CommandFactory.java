package io.daxconv.cli;

import picocli.CommandLine;

/** Makes the commands, handing each the streams it works with. */
final class CommandFactory implements CommandLine.IFactory {
  private final Streams streams;

  CommandFactory(Streams streams) {
    this.streams = streams;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Object command =
        switch (type.getSimpleName()) {
          case "ConvertCommand" -> new ConvertCommand(streams);
          case "PackCommand" -> new PackCommand(streams);
          case "CreateEmptyCommand" -> new CreateEmptyCommand(streams);
          case "VerifyCommand" -> new VerifyCommand(streams);
          case "InspectCommand" -> new InspectCommand(streams);
          case "MountSpecCommand" -> new MountSpecCommand(streams);
          case "PushCommand" -> new PushCommand(streams);
          case "PullCommand" -> new PullCommand(streams);
          case "MountCommand" -> new MountCommand(streams);
          case "UmountCommand" -> new UmountCommand();
          case "UpCommand" -> new UpCommand(streams);
          case "DownCommand" -> new DownCommand(streams);
          case "PsCommand" -> new PsCommand(streams);
          case "BatchCommand" -> new BatchCommand(streams);
          case "LsCommand" -> new LsCommand(streams);
          case "CatCommand" -> new CatCommand(streams);
          case "StatCommand" -> new StatCommand(streams);
          case "FindCommand" -> new FindCommand(streams);
          case "ExtractCommand" -> new ExtractCommand(streams);
          case "DiffCommand" -> new DiffCommand(streams);
          case "DuCommand" -> new DuCommand(streams);
          case "LoadCommand" -> new LoadCommand(streams);
          case "UnloadCommand" -> new UnloadCommand(streams);
          default -> CommandLine.defaultFactory().create(type);
        };
    return type.cast(command);
  }
}
