package io.daxconv.cli;

/**
 * How large a terminal is.
 *
 * @param rows lines, at least 1
 * @param columns characters a line, at least 1
 */
record Screen(int rows, int columns) {}
