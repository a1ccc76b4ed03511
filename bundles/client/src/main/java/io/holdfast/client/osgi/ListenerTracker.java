package io.holdfast.client.osgi;

import io.holdfast.api.client.MessageListener;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.engine.Text;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whiteboard of one client: services {@link MessageListener} whose property {@code client.id} names it. Only those are
 * ever asked for, so that nobody's component is made for a client it does not want. A listener that goes is waited for as
 * {@link ManagedClient#removeListener} does, in the thread that takes it away.
 */
final class ListenerTracker implements ServiceTrackerCustomizer<MessageListener, MessageListener> {
  private static final Duration LEFT_LIMIT = Duration.ofMillis(1500);

  private final Logger logger = LoggerFactory.getLogger(ListenerTracker.class);
  private final BundleContext context;
  private final Environment environment;
  private final ManagedClient client;
  private final ServiceTracker<MessageListener, MessageListener> tracker;

  /** Opening asks for services that are there already, which runs foreign code. */
  private final SerialLane lane;

  ListenerTracker(BundleContext context, Environment environment, ManagedClient client) {
    this.context = context;
    this.environment = environment;
    this.client = client;
    this.tracker = new ServiceTracker<>(context, filter(client.handle().id()), this);
    this.lane =
        new SerialLane(
            environment.publishing(),
            fault -> logger.warn("Client {}: its listeners: {}", client.handle().id(), Text.of(fault)));
  }

  static Filter filter(String clientId) {
    String id = clientId.replaceAll("[\\\\*()]", "\\\\$0");
    String text =
        "(&(" + Constants.OBJECTCLASS + "=" + MessageListener.class.getName() + ")(" + MessageListener.CLIENT + "=" + id + "))";
    try {
      return FrameworkUtil.createFilter(text);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(text, e);
    }
  }

  void open() {
    lane.execute(tracker::open);
  }

  /** After the client's end: lets go of the listeners when they have been told of it, or after a while. */
  CompletionStage<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable letGo =
        () -> {
          lane.execute(tracker::close);
          lane.execute(() -> done.complete(null));
        };
    Cancellable limit = environment.schedule(LEFT_LIMIT.toNanos(), letGo);
    client.listenersLeft().thenRun(
        () -> {
          limit.cancel();
          letGo.run();
        });
    return done;
  }

  @Override
  public MessageListener addingService(ServiceReference<MessageListener> reference) {
    MessageListener listener = context.getService(reference);
    if (listener != null) {
      Optional<String> id = Properties.texts(reference.getProperty(MessageListener.ID)).stream().findFirst();
      client.addListener(listener, id);
    }
    return listener;
  }

  @Override
  public void modifiedService(ServiceReference<MessageListener> reference, MessageListener listener) {
    // A listener keeps the id it came with; another client.id makes the tracker remove it.
  }

  @Override
  public void removedService(ServiceReference<MessageListener> reference, MessageListener listener) {
    client.removeListener(listener);
    try {
      context.ungetService(reference);
    } catch (IllegalStateException e) {
      logger.debug("The framework has let go of a listener itself: {}", e.getMessage());
    }
  }
}
