package io.daxconv.converter.running;

import io.daxconv.converter.running.JournalEntry.Mounting;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plan stands.
 *
 * @param target from where the base is mounted
 * @param base the state of the base
 */
public record PlanStatus(
    String name,
    Path image,
    Path root,
    String target,
    State state,
    long seconds,
    State base,
    List<Container> containers) {

  /** Of a plan, of its base, or of a container. */
  public enum State {
    /** All is mounted. */
    UP,
    /** Some is mounted: a run was killed, or something was unmounted or could not be. */
    HALF,
    /** It is mounted, with another mount upon it, or moved. */
    COVERED,
    /** It is in another mount namespace. */
    ELSEWHERE,
    /** Nothing is mounted any more: by a boot, or by somebody else. */
    GONE,
    /** Undone, but for what containers have written. */
    KEPT
  }

  /**
   * How a container stands.
   *
   * @param upper what it writes, or null if it is read-only
   * @param upperBytes of the files in upper, whatever they take on disk
   */
  public record Container(
      String name, State state, Path merged, @Nullable Path upper, long upperBytes) {}

  public PlanStatus {
    containers = List.copyOf(containers);
  }

  /** All plans that have a journal, by their names. */
  public static List<PlanStatus> all(StateDirectory states) throws IOException {
    List<PlanStatus> all = new ArrayList<>();
    for (String name : states.names()) {
      PlanState state = PlanState.of(states.journal(name).read());
      if (state != null) {
        all.add(of(state));
      }
    }
    return List.copyOf(all);
  }

  private static PlanStatus of(PlanState state) throws IOException {
    Sighting.Observer observer = Sighting.Observer.of(state.begun().host());
    List<Container> containers = new ArrayList<>();
    for (JournalEntry.Container container : state.begun().containers()) {
      containers.add(container(container, state, observer));
    }
    State base =
        state.mounts().values().stream()
            .filter(mounting -> mounting.container() == null)
            .findFirst()
            .map(mounting -> seen(observer.look(mounting)))
            .orElse(unmounted(state));
    return new PlanStatus(
        state.begun().name(),
        state.begun().image(),
        state.begun().root(),
        state.begun().target(),
        together(state, base, containers),
        state.begun().seconds(),
        base,
        containers);
  }

  private static Container container(
      JournalEntry.Container container, PlanState state, Sighting.Observer observer)
      throws IOException {
    Mounting mounting = state.mounts().get(container.merged());
    State seen = mounting == null ? unmounted(state) : seen(observer.look(mounting));
    Path upper = container.upper();
    return new Container(
        container.name(),
        seen,
        container.merged(),
        upper,
        upper == null || !Files.isDirectory(upper) ? 0 : size(upper));
  }

  private static State unmounted(PlanState state) {
    return state.kept() ? State.KEPT : State.GONE;
  }

  private static State together(PlanState state, State base, List<Container> containers) {
    if (state.kept()) {
      return State.KEPT;
    }
    if (base == State.ELSEWHERE) {
      return State.ELSEWHERE;
    }
    if (state.ready()
        && base == State.UP
        && containers.stream().allMatch(container -> container.state == State.UP)) {
      return State.UP;
    }
    return base == State.GONE
            && containers.stream().allMatch(container -> container.state == State.GONE)
        ? State.GONE
        : State.HALF;
  }

  private static State seen(Sighting sighting) {
    return switch (sighting) {
      case Sighting.Mounted _ -> State.UP;
      case Sighting.Covered _, Sighting.Moved _ -> State.COVERED;
      case Sighting.Elsewhere _ -> State.ELSEWHERE;
      case Sighting.Gone _ -> State.GONE;
    };
  }

  /** Files may come and go meanwhile. */
  private static long size(Path upper) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        upper,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }
}
