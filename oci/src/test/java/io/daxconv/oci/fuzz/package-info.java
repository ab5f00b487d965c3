/** Manifests, indexes, configs and archives that nobody meant well (docs/fuzzing.md). */
@org.jspecify.annotations.NullMarked
package io.daxconv.oci.fuzz;
