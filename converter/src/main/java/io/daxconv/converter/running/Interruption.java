package io.daxconv.converter.running;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and its like while a plan is carried out. The program does not end before the step that is
 * under way: the next one is refused, and what was done so far is undone as after any failure.
 */
final class Interruption implements AutoCloseable {
  private final CountDownLatch undone = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Thread atExit = new Thread(this::waitForUndoing, "undo a plan");
  private volatile boolean interrupted;

  private Interruption() {}

  /**
   * Watches for it until this is closed.
   *
   * @throws InterruptedIOException if the program ends already
   */
  static Interruption watch() throws InterruptedIOException {
    Interruption watching = new Interruption();
    try {
      Runtime.getRuntime().addShutdownHook(watching.atExit);
    } catch (IllegalStateException ending) {
      throw new InterruptedIOException("interrupted");
    }
    return watching;
  }

  /** Refuses to go on once it has come. */
  Telling refusing(Telling telling) {
    return entry -> {
      if (interrupted) {
        throw new InterruptedIOException("interrupted");
      }
      telling.tell(entry);
    };
  }

  private void waitForUndoing() {
    interrupted = true;
    await(undone);
  }

  /** If it has come, does not return: the program ends, and its exit code says why. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException ending) {
      undone.countDown();
      await(never);
    }
  }

  /** Whoever interrupts this thread meanwhile has to wait as well. */
  private static void await(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException e) {
        waiting = true;
      }
    }
  }
}
