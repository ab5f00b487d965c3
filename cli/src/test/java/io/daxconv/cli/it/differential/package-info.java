/**
 * Layers made at random, flattened by daxconv and by umoci, and what may differ between the two.
 */
@org.jspecify.annotations.NullMarked
package io.daxconv.cli.it.differential;
