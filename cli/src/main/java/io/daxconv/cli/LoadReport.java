package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.load.LoadResult;
import io.daxconv.converter.load.PhysicalRange;

/** Where an image lies in memory, for people and for programs. */
final class LoadReport {
  private final LoadResult result;

  LoadReport(LoadResult result) {
    this.result = result;
  }

  /** All of it under a heading. */
  void print(Lines lines, String image) {
    lines.heading(
        ShellWord.file(image)
            + ": "
            + Sizes.text(result.size())
            + (result.sha256() == null ? " would go into " : " in ")
            + result.target());
    printPlace(lines);
    if (result.sha256() != null) {
      lines.field("verified", "the target holds the same bytes, sha256 " + result.sha256().hex());
    }
    printMount(lines);
  }

  /** Where in memory it is. */
  void printPlace(Lines lines) {
    PhysicalRange range = result.range();
    if (range != null && range.address() != 0) {
      lines.field("memory", "physical " + range.addressText() + ", " + range.size() + " bytes");
    }
    if (result.capacity() != Long.MAX_VALUE) {
      lines.field("room", Sizes.text(result.capacity()));
    }
  }

  /** How it is mounted. */
  void printMount(Lines lines) {
    if (result.mounted() != null) {
      lines.command("mounted", "on " + ShellWord.file(result.mounted().toString()));
    }
    if (result.mountCommand() != null) {
      lines.command("mount", result.mountCommand() + " DIR");
    }
    if (result.kernelCommandLine() != null) {
      lines.command("kernel", result.kernelCommandLine());
    }
    result.remarks().forEach(remark -> lines.field("remark", remark));
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("target", result.target().toString())
            .put("place", result.place().toString())
            .put("size", result.size())
            .put("sha256", result.sha256() == null ? null : result.sha256().hex());
    if (result.capacity() != Long.MAX_VALUE) {
      json.put("capacity", result.capacity());
    }
    PhysicalRange range = result.range();
    if (range != null && range.address() != 0) {
      json.putObject("memory").put("address", range.addressText()).put("size", range.size());
    }
    json.put("mounted", result.mounted() == null ? null : result.mounted().toString())
        .put("mount_command", result.mountCommand())
        .put("kernel_command_line", result.kernelCommandLine());
    ArrayNode remarks = json.putArray("remarks");
    result.remarks().forEach(remarks::add);
    return json;
  }
}
