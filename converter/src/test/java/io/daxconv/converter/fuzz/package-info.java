/** Bytes that nobody meant well: targets for Jazzer, and what they may do (docs/fuzzing.md). */
@org.jspecify.annotations.NullMarked
package io.daxconv.converter.fuzz;
