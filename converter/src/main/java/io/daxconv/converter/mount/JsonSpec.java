package io.daxconv.converter.mount;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** A mount plan as JSON, keys in the order of docs/mount-spec.md. */
final class JsonSpec {
  static final String FORMAT = "daxconv-mount-spec";
  static final int VERSION = 1;

  private final JsonGenerator json;

  private JsonSpec(JsonGenerator json) {
    this.json = json;
  }

  static String render(MountPlan plan) {
    StringWriter text = new StringWriter();
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
      new JsonSpec(json).write(plan);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private void write(MountPlan plan) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", FORMAT);
    json.writeNumberField("version", VERSION);
    json.writeStringField("name", plan.name());
    image(plan);
    json.writeStringField("view", plan.target().view().filesystem());
    json.writeStringField("view_reason", plan.choice().reason());
    sharing(plan);
    json.writeStringField("root", plan.root().toString());
    base(plan);
    json.writeArrayFieldStart("containers");
    for (Overlay overlay : plan.overlays()) {
      container(plan, overlay);
    }
    json.writeEndArray();
    if (plan.options().idMapping() == null) {
      steps("up", MountSteps.up(plan));
      steps("down", MountSteps.down(plan));
    }
    json.writeEndObject();
  }

  private void sharing(MountPlan plan) throws IOException {
    Sharing sharing = plan.sharing();
    json.writeObjectFieldStart("sharing");
    json.writeBooleanField("read", sharing.read());
    json.writeBooleanField("mapped", sharing.mapped());
    json.writeStringField("text", sharing.text());
    json.writeEndObject();
    strings("warnings", plan.warnings());
  }

  private void image(MountPlan plan) throws IOException {
    json.writeObjectFieldStart("image");
    json.writeStringField("path", plan.image().toString());
    json.writeNumberField("size", plan.imageSize());
    json.writeNumberField("block_size", plan.blockSize());
    if (plan.packedImage() != null) {
      json.writeStringField("packed", plan.packedImage());
    }
    json.writeEndObject();
  }

  private void base(MountPlan plan) throws IOException {
    json.writeObjectFieldStart("base");
    json.writeStringField("dir", plan.base().toString());
    json.writeStringField("type", plan.target().view().filesystem());
    json.writeStringField("source", source(plan));
    json.writeObjectFieldStart("target");
    target(plan.target());
    json.writeEndObject();
    strings("options", MountSteps.baseOptions(plan));
    json.writeEndObject();
  }

  private static String source(MountPlan plan) {
    return switch (plan.target()) {
      case BaseTarget.Physical _, BaseTarget.DeviceDax _, BaseTarget.DmaBuf _ -> "none";
      case BaseTarget.ImageFile _ -> plan.image().toString();
      case BaseTarget.Pmem pmem -> pmem.device();
    };
  }

  private void target(BaseTarget target) throws IOException {
    switch (target) {
      case BaseTarget.Physical physical -> {
        json.writeStringField("kind", "physical");
        json.writeStringField("address", physical.addressText());
        json.writeNumberField("size", physical.size());
      }
      case BaseTarget.DeviceDax device -> {
        json.writeStringField("kind", "device-dax");
        json.writeStringField("device", "/dev/" + device.name());
        json.writeStringField("address_from", MountSteps.sysDirectory(device) + "/resource");
        json.writeStringField("size_from", MountSteps.sysDirectory(device) + "/size");
      }
      case BaseTarget.DmaBuf dmaBuf -> {
        json.writeStringField("kind", "dma-buf");
        json.writeStringField("heap", "/dev/dma_heap/" + dmaBuf.heap());
      }
      case BaseTarget.ImageFile _ -> json.writeStringField("kind", "file");
      case BaseTarget.Pmem pmem -> {
        json.writeStringField("kind", "pmem");
        json.writeStringField("device", pmem.device());
      }
    }
  }

  private void container(MountPlan plan, Overlay overlay) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", overlay.name());
    Overlay.Writes writes = overlay.writes();
    if (writes == null) {
      json.writeStringField("type", "bind");
      json.writeStringField("source", overlay.lower().toString());
      json.writeStringField("merged", overlay.merged().toString());
      strings("options", List.of("bind", "ro"));
    } else {
      json.writeStringField("type", "overlay");
      json.writeStringField("source", "overlay");
      json.writeStringField("lower", overlay.lower().toString());
      json.writeStringField("upper", writes.upper().toString());
      json.writeStringField("work", writes.work().toString());
      json.writeStringField("merged", overlay.merged().toString());
      tmpfs(plan, writes);
      strings("options", plan.options().list());
      json.writeStringField("data", Overlay.data(overlay.lower(), writes, plan.options().joined()));
    }
    IdMapping mapping = plan.options().idMapping();
    if (mapping != null) {
      json.writeObjectFieldStart("id_mapping");
      json.writeNumberField("inside", mapping.inside());
      json.writeNumberField("host", mapping.host());
      json.writeNumberField("count", mapping.count());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void tmpfs(MountPlan plan, Overlay.Writes writes) throws IOException {
    if (writes.tmpfs() == null || !(plan.options().upper() instanceof Upper.Tmpfs tmpfs)) {
      return;
    }
    json.writeObjectFieldStart("tmpfs");
    json.writeStringField("dir", writes.tmpfs().toString());
    if (tmpfs.size().isPresent()) {
      json.writeNumberField("size", tmpfs.size().getAsLong());
    }
    json.writeEndObject();
  }

  private void steps(String key, List<MountStep> steps) throws IOException {
    json.writeArrayFieldStart(key);
    for (MountStep step : steps) {
      json.writeStartObject();
      json.writeStringField("purpose", step.purpose());
      if (step.directory() != null) {
        json.writeStringField("cwd", step.directory().toString());
      }
      strings("argv", step.argv());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void strings(String key, List<String> values) throws IOException {
    json.writeArrayFieldStart(key);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
