// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Several listeners of one configured client, and some that come late. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ListenersIT {

    private static final String ID = "shared";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Configurations configurations;
    private Services services;
    private Simulator simulator;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ListenersIT.class);
    }

    @Before
    public void start() {
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    /** @param required of the test's own listeners: the container's application keeps an account of every client by one more */
    private void configure(int required) {
        Map<String, Object> options = GenericClient.options(simulator, ID);
        options.put("listeners.required", required + 1);
        configurations.set(Configurations.CLIENT, ID, options);
    }

    @Test
    public void the_first_connect_waits_for_as_many_as_are_required_and_each_gets_everything() {
        configure(2);
        Receiver one = new Receiver();
        ServiceRegistration<MessageListener> first = one.listenTo(context, ID);
        await("no connect with one listener")
                .during(Duration.ofMillis(500))
                .atMost(Services.LIMIT)
                .until(() -> simulator.accepts() == 0);

        Receiver two = new Receiver();
        ServiceRegistration<MessageListener> second = two.listenTo(context, ID);
        one.numbers().awaitMore(50);
        simulator.faults().reset();
        simulator.awaitOpenAfter(1, Services.LIMIT);
        one.numbers().awaitMore(50);
        two.numbers().awaitMore(50);

        for (Receiver receiver : new Receiver[] {one, two}) {
            assertThat(receiver.continuity())
                    .hasExactlyElementsOfTypes(
                            Continuity.Joined.class, Continuity.Interrupted.class, Continuity.Resumed.class);
        }
        long delivered = one.numbers().complete(simulator, GenericClient.path(ID));
        assertThat(two.numbers().complete(simulator, GenericClient.path(ID))).isEqualTo(delivered);
        first.unregister();
        second.unregister();
    }

    @Test
    public void a_late_one_joins_at_its_place_and_one_that_goes_takes_nothing_from_the_others() {
        configure(1);
        Receiver early = new Receiver();
        ServiceRegistration<MessageListener> first = early.listenTo(context, ID);
        early.numbers().awaitMore(100);

        Receiver late = new Receiver();
        ServiceRegistration<MessageListener> second = late.listenTo(context, ID);
        late.numbers().awaitMore(50);
        assertThat(late.continuity())
                .singleElement()
                .isInstanceOfSatisfying(
                        Continuity.Joined.class,
                        joined -> assertThat(joined.sequence()).isGreaterThanOrEqualTo(100));
        second.unregister();
        long seen = late.numbers().count();
        early.numbers().awaitMore(50);

        assertThat(late.numbers().count()).as("after it left").isEqualTo(seen);
        assertThat(late.numbers().doubled() + late.numbers().unordered()).isZero();
        early.numbers().complete(simulator, GenericClient.path(ID));
        assertThat(simulator.accepts()).isEqualTo(1);
        first.unregister();
    }

    @Test
    public void one_that_throws_costs_the_others_nothing() {
        configure(2);
        MessageListener broken = new MessageListener() {
            @Override
            public void onMessage(Message message) {
                throw new IllegalStateException("on purpose");
            }
        };
        ServiceRegistration<MessageListener> bad = context.registerService(
                MessageListener.class, broken, new java.util.Hashtable<>(Map.of(MessageListener.CLIENT, ID)));
        Receiver good = new Receiver();
        ServiceRegistration<MessageListener> registration = good.listenTo(context, ID);
        good.numbers().awaitMore(200);
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(services.client(ID).metrics().listenerFaults()).isGreaterThanOrEqualTo(100);
        good.numbers().complete(simulator, GenericClient.path(ID));
        bad.unregister();
        registration.unregister();
    }

    @Test
    public void an_observer_whose_properties_change_is_told_of_the_clients_they_name_then() {
        ClientEvents events = new ClientEvents();
        ServiceRegistration<ConnectionListener> observer = events.observe(context, "another");
        configure(1);
        Receiver receiver = new Receiver();
        ServiceRegistration<MessageListener> listener = receiver.listenTo(context, ID);
        receiver.numbers().awaitMore(10);
        assertThat(events.count(Type.READY)).isZero();

        observer.setProperties(FrameworkUtil.asDictionary(Map.of(MessageListener.CLIENT, ID)));
        simulator.faults().reset();
        events.await(Type.READY, 1);

        observer.unregister();
        listener.unregister();
    }
}
