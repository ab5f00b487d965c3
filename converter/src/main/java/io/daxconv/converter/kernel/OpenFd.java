package io.daxconv.converter.kernel;

/**
 * A file descriptor of this process.
 *
 * @param number as the kernel counts
 */
record OpenFd(int number) implements AutoCloseable {
  @Override
  public void close() {
    SystemCalls.close(number);
  }
}
