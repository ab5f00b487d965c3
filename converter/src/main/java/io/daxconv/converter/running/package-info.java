/**
 * Mount plans carried out and undone. What is about to be done is written to a journal first, so
 * that whatever a run has left, by whichever end, is found and undone; and nothing else is.
 */
@org.jspecify.annotations.NullMarked
package io.daxconv.converter.running;
