/** The {@code daxconv} command. */
@org.jspecify.annotations.NullMarked
module io.daxconv.cli {
  requires io.daxconv.converter;
  requires io.daxconv.oci;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;

  opens io.daxconv.cli to
      info.picocli;
}
