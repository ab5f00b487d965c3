package io.daxconv.converter.load;

/** Is told how far loading is. */
public interface LoadListener {
  /** For whom it does not matter. */
  LoadListener NONE =
      new LoadListener() {
        @Override
        public void started(String what, long total) {}

        @Override
        public void reached(long bytes) {}
      };

  /**
   * A pass over the image begins.
   *
   * @param what {@code writing} or {@code verifying}
   * @param total bytes
   */
  void started(String what, long total);

  /** So many bytes of the pass are done. */
  void reached(long bytes);
}
