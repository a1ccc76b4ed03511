package io.holdfast.supervisor.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.supervisor.group.Group;
import io.holdfast.supervisor.group.GroupOptions;
import io.holdfast.supervisor.group.GroupThreads;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group from one factory configuration: supervises the {@link Child} services that name it. Callbacks post and return.
 */
@Component(
    configurationPid = GroupOptions.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    service = {})
public final class GroupComponent {
  private final Logger logger = LoggerFactory.getLogger(GroupComponent.class);
  private final BundleContext context;
  private final String name;
  private final Group group;
  private final Arrivals arrivals;
  private final ServiceTracker<Child, Child> children;
  private ServiceRegistration<Supervisor> registration;

  @Activate
  public GroupComponent(BundleContext context, Map<String, Object> properties, @Reference SupervisorThreads threads)
      throws InvalidSyntaxException {
    this.context = context;
    GroupOptions options = options(properties);
    this.name = options.group();
    this.group = new Group(options, new Threads(threads));
    this.arrivals = new Arrivals(group::add);
    Filter filter =
        context.createFilter(
            "(&(" + Constants.OBJECTCLASS + "=" + Child.class.getName() + ")(" + Child.GROUP + "=" + escaped(name) + "))");
    this.children = new ServiceTracker<>(context, filter, new Tracking());
  }

  @Activate
  void activate() {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put(Child.GROUP, name);
    registration = context.registerService(Supervisor.class, group, properties);
    children.open();
    arrivals.complete();
  }

  @Modified
  void modified(Map<String, Object> properties) {
    try {
      GroupOptions options = options(properties);
      if (!options.group().equals(name)) {
        logger.warn("Group {}: its name cannot be changed to '{}'; the options in force stay", name, options.group());
        return;
      }
      group.reconfigure(options);
    } catch (InvalidOptionException e) {
      logger.warn("Group {}: the options in force stay: {}", name, e.getMessage());
    }
  }

  @Deactivate
  void deactivate() {
    registration.unregister();
    children.close();
    group.close();
  }

  private static GroupOptions options(Map<String, Object> properties) {
    return GroupOptions.of(properties, String.valueOf(properties.get(Constants.SERVICE_PID)));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("*", "\\*").replace("(", "\\(").replace(")", "\\)");
  }

  private final class Tracking implements ServiceTrackerCustomizer<Child, Child> {
    @Override
    public Child addingService(ServiceReference<Child> reference) {
      Child child = context.getService(reference);
      if (child != null) {
        arrivals.add(reference, child);
      }
      return child;
    }

    @Override
    public void modifiedService(ServiceReference<Child> reference, Child child) {
      // Nothing a child's properties say may change while it is supervised.
    }

    @Override
    public void removedService(ServiceReference<Child> reference, Child child) {
      arrivals.remove(reference);
      group.remove(child);
      context.ungetService(reference);
    }
  }

  private final class Threads implements GroupThreads {
    private final SupervisorThreads shared;

    private Threads(SupervisorThreads shared) {
      this.shared = shared;
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Runnable schedule(long delayNanos, Runnable task) {
      try {
        Future<?> timer = shared.scheduler().schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
      } catch (RejectedExecutionException e) {
        // The bundle is stopping: nothing is decided any more.
        return () -> {};
      }
    }

    @Override
    public Executor mailbox() {
      return task -> execute(shared.mailboxes(), task);
    }

    @Override
    public Executor publishing() {
      return task -> execute(shared.publishing(), task);
    }

    /** Signals of children come at any time, on their own threads, which must not pay for the end of this bundle. */
    private void execute(Executor pool, Runnable task) {
      try {
        pool.execute(task);
      } catch (RejectedExecutionException e) {
        logger.debug("Group {}: the bundle is stopping, a message is dropped", name);
      }
    }
  }
}
