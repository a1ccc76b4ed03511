package io.holdfast.client.osgi;

/** Foreign throwables as text; keeping or logging the object would pin its class loader. */
final class Faults {
  private static final int FRAMES = 5;

  private Faults() {}

  static String text(Throwable fault) {
    StringBuilder out = new StringBuilder(fault.getClass().getName()).append(": ").append(fault.getMessage());
    StackTraceElement[] frames = fault.getStackTrace();
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      out.append(" < ").append(frames[i]);
    }
    return out.toString();
  }
}
