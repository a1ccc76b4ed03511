package io.holdfast.supervisor.osgi;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The threads all groups of this bundle share: one timer, one for decisions, and as many as foreign code needs. */
@Component(service = SupervisorThreads.class)
public final class SupervisorThreads {
  private static final long CLOSE_SECONDS = 2;
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor scheduler;
  private final ExecutorService mailboxes;
  private final ThreadPoolExecutor publishing;

  @Activate
  public SupervisorThreads() {
    scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
    scheduler.setRemoveOnCancelPolicy(true);
    mailboxes = Executors.newSingleThreadExecutor(named("mailbox"));
    publishing =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            named("publish"));
  }

  ScheduledThreadPoolExecutor scheduler() {
    return scheduler;
  }

  ExecutorService mailboxes() {
    return mailboxes;
  }

  ExecutorService publishing() {
    return publishing;
  }

  @Deactivate
  void deactivate() {
    scheduler.shutdownNow();
    mailboxes.shutdown();
    publishing.shutdown();
    try {
      mailboxes.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mailboxes.shutdownNow();
    publishing.shutdownNow();
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    // Threads that foreign code makes while we call it inherit this one, and would keep our own.
    ClassLoader loader = ClassLoader.getSystemClassLoader();
    return task -> {
      Thread thread = new Thread(task, "holdfast-supervisor-" + name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      return thread;
    };
  }
}
