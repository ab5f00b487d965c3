/** Programs that use daxconv's Java API. */
@org.jspecify.annotations.NullMarked
module io.daxconv.examples {
  requires io.daxconv.oci;
  requires static org.jspecify;
}
