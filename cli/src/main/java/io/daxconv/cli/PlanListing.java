package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.running.PlanStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plans and their containers as {@code ps} lists them. */
final class PlanListing {
  private static final int COLUMNS = 4;

  private PlanListing() {}

  /** A table; what is long stands last, so that columns stay in line on any terminal. */
  static void print(List<PlanStatus> plans, PrintStream out) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"NAME", "STATE", "WRITTEN", "IMAGE, ROOT FILESYSTEM"});
    for (PlanStatus plan : plans) {
      long written = plan.containers().stream().mapToLong(PlanStatus.Container::upperBytes).sum();
      rows.add(row(plan.name(), plan.state(), Sizes.text(written), plan.image()));
      for (PlanStatus.Container container : plan.containers()) {
        rows.add(
            row(
                "  " + container.name(),
                container.state(),
                container.upper() == null ? "-" : Sizes.text(container.upperBytes()),
                container.merged()));
      }
    }
    int[] widths = new int[COLUMNS - 1];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      out.println(line.append(row[COLUMNS - 1]));
    }
  }

  private static String[] row(String name, PlanStatus.State state, String written, Path path) {
    return new String[] {
      name, text(state), written, ErrorLine.ofUser(ShellWord.quote(path.toString()))
    };
  }

  /** The object of docs/up.md. */
  static ObjectNode json(PlanStatus plan) {
    ObjectNode json =
        Json.object()
            .put("name", plan.name())
            .put("state", text(plan.state()))
            .put("image", plan.image().toString())
            .put("target", plan.target())
            .put("root", plan.root().toString())
            .put("since", Instant.ofEpochSecond(plan.seconds()).toString())
            .put("base_state", text(plan.base()));
    ArrayNode containers = json.putArray("containers");
    for (PlanStatus.Container container : plan.containers()) {
      Path upper = container.upper();
      containers
          .addObject()
          .put("name", container.name())
          .put("state", text(container.state()))
          .put("merged", container.merged().toString())
          .put("upper", upper == null ? null : upper.toString())
          .put("upper_bytes", container.upperBytes());
    }
    return json;
  }

  private static String text(PlanStatus.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
