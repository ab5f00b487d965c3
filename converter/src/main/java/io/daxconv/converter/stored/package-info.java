/**
 * Layers that were read once and are kept in the form in which a conversion needs them: their
 * entries, and their regular data in whole pages. Reading one again inflates and hashes nothing.
 */
package io.daxconv.converter.stored;
