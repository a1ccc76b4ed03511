// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.supervision.ChildSnapshot.State;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Components;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.PlainChild;
import io.holdfast.itests.support.Services;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;

/** Groups in the container: configurations come, change and go, groups are children of groups. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GroupTreeIT {

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private ServiceComponentRuntime runtime;

    private Services services;
    private Components components;
    private Configurations configurations;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Configuration
    public Option[] configuration() {
        return Containers.standard(GroupTreeIT.class);
    }

    @Before
    public void start() {
        services = new Services(context);
        components = new Components(runtime);
        configurations = new Configurations(admin);
    }

    @After
    public void stop() {
        configurations.close();
        registrations.forEach(ServiceRegistration::unregister);
        await().atMost(Services.LIMIT)
                .until(() -> services.references(Supervisor.class, null).isEmpty());
    }

    private void group(String name, Object... options) {
        Map<String, Object> map = new Hashtable<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], options[i + 1]);
        }
        configurations.set(Configurations.GROUP, name, map);
    }

    private PlainChild child(String id, int order, String group) {
        PlainChild child = PlainChild.of(id, order, log);
        registrations.add(child.register(context, group));
        return child;
    }

    private GroupStatus status(String group) {
        return services.supervisor(group).status();
    }

    private void awaitChildren(String group, String... ids) {
        await().atMost(Services.LIMIT)
                .untilAsserted(() -> assertThat(status(group).children())
                        .allMatch(c -> c.state() == ChildStatus.State.RUNNING)
                        .extracting(ChildStatus::id)
                        .containsExactly(ids));
    }

    private void awaitLog(String... lines) {
        await().atMost(Services.LIMIT).untilAsserted(() -> assertThat(log).containsExactly(lines));
    }

    private static Reply get(java.util.concurrent.CompletionStage<Reply> stage) throws Exception {
        return stage.toCompletableFuture().get(30, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    public void a_refused_configuration_is_tried_again_when_it_is_corrected() {
        group("late", "intensity", -1);
        components.awaitFailure("io.holdfast.supervisor~late", "intensity");
        group("late", "intensity", 3);
        await().atMost(Services.LIMIT).until(() -> status("late").intensity() == 3);
        group("late", "intensty", 4);
        group("late", "intensity", 5);
        await().atMost(Services.LIMIT).until(() -> status("late").intensity() == 5);

        configurations.set(Configurations.ENDPOINTS, "late", Map.of("host.patterns", "late.example", "attempts", 0));
        components.awaitFailure("io.holdfast.endpoints~late", "attempts");
        configurations.set(Configurations.ENDPOINTS, "late", Map.of("host.patterns", "late.example", "attempts", 7));
        await().atMost(Services.LIMIT)
                .until(() -> components.configurations().stream()
                        .anyMatch(c -> "io.holdfast.endpoints~late".equals(c.properties.get("service.pid"))
                                && c.state == ComponentConfigurationDTO.ACTIVE));
    }

    @Test
    public void a_second_configuration_of_a_group_is_refused_by_name() {
        group("one", "group", "same", "intensity", 3);
        PlainChild child = child("a", 0, "same");
        awaitChildren("same", "a");
        group("two", "group", "same", "intensity", 4);
        components.awaitFailure("io.holdfast.supervisor~two", "same", "io.holdfast.supervisor~one");
        child.crash();
        awaitLog("start a", "start a");
        assertThat(status("same").intensity()).isEqualTo(3);
        configurations.delete(Configurations.GROUP, "one");
        group("two", "group", "same", "intensity", 5);
        await().atMost(Services.LIMIT).until(() -> status("same").intensity() == 5);
        awaitChildren("same", "a");
        assertThat(log).as("nobody was touched").hasSize(2);
    }

    @Test
    public void a_cycle_is_refused_by_name() {
        group("upper", "parent", "lower");
        services.supervisor("upper");
        group("lower", "parent", "upper");
        components.awaitFailure("io.holdfast.supervisor~lower", "lower -> upper -> lower");
        group("lower");
        await().atMost(Services.LIMIT).until(() -> status("upper").alive());
    }

    @Test
    public void children_stand_in_their_order_whatever_came_first() {
        child("second", 1, "ordered");
        child("third", 1, "ordered");
        child("first", 0, "ordered");
        group("ordered", "strategy", "one_for_all");
        awaitChildren("ordered", "first", "second", "third");
    }

    @Test
    public void a_group_that_ended_alone_comes_back_when_its_configuration_is_touched() {
        PlainChild a = child("a", 0, "alone");
        child("b", 1, "alone");
        group("alone", "intensity", 0, "escalation", "group");
        awaitChildren("alone", "a", "b");
        a.crash();
        await().atMost(Services.LIMIT).until(() -> !status("alone").alive());
        log.clear();
        group("alone", "intensity", 0, "escalation", "group");
        awaitChildren("alone", "a", "b");
        awaitLog("start a", "start b");
    }

    @Test
    public void orders_and_failures_go_through_the_tree() throws Exception {
        PlainChild a = child("a", 0, "inner");
        PlainChild b = child("b", 1, "inner");
        group("inner", "parent", "outer", "budget", "group", "intensity", 0);
        assertThat(status("inner").alive()).isFalse();
        group("outer", "intensity", 1);
        awaitChildren("outer", "inner");
        awaitChildren("inner", "a", "b");
        log.clear();

        assertThat(get(services.supervisor("outer").terminateChild("inner"))).isEqualTo(Reply.OK);
        assertThat(log).containsExactly("stop b", "stop a");
        assertThat(get(services.supervisor("outer").restartChild("inner"))).isEqualTo(Reply.OK);
        awaitLog("stop b", "stop a", "start a", "start b");

        log.clear();
        a.crash();
        awaitLog("stop b", "start a", "start b");
        awaitChildren("outer", "inner");
        b.crash();
        await().atMost(Services.LIMIT)
                .until(() -> status("outer").children().get(0).state() == ChildStatus.State.GIVEN_UP);
        assertThat(status("inner").alive()).isFalse();
        assertThat(status("inner").cause()).contains("too many restarts", "b");
        assertThat(a.state()).isEqualTo(State.STOPPED);
    }

    @Test
    public void parents_and_the_whole_bundle_come_and_go_and_no_child_is_touched() {
        PlainChild a = child("a", 0, "inner");
        group("outer");
        group("inner", "parent", "outer");
        awaitChildren("outer", "inner");
        awaitChildren("inner", "a");

        configurations.delete(Configurations.GROUP, "outer");
        await().atMost(Services.LIMIT)
                .until(() -> services.references(Supervisor.class, "(supervisor.group=outer)")
                        .isEmpty());
        assertThat(status("inner").alive()).isTrue();
        group("outer", "strategy", "rest_for_one");
        awaitChildren("outer", "inner");
        group("other");
        group("inner", "parent", "other", "child.order", 3, "escalation", "parent", "stop.limit", "1s");
        awaitChildren("other", "inner");
        await().atMost(Services.LIMIT).until(() -> status("outer").children().isEmpty());
        Bundles bundles = new Bundles(context);
        bundles.update(bundles.named("io.holdfast.supervisor"));
        awaitChildren("other", "inner");
        awaitChildren("inner", "a");
        group("inner");
        await().atMost(Services.LIMIT).until(() -> status("other").children().isEmpty());
        awaitChildren("inner", "a");

        assertThat(log).containsExactly("start a");
        a.crash();
        awaitLog("start a", "start a");
    }

    @Test
    public void an_update_keeps_how_often_a_child_group_was_restarted() {
        PlainChild a = child("a", 0, "deputy");
        group("deputy", "parent", "chief", "budget", "group", "intensity", 0);
        group("chief", "intensity", 1);
        awaitChildren("chief", "deputy");
        awaitChildren("deputy", "a");
        a.crash();
        awaitLog("start a", "start a");
        awaitChildren("deputy", "a");

        Bundles bundles = new Bundles(context);
        bundles.update(bundles.named("io.holdfast.supervisor"));
        awaitChildren("chief", "deputy");
        awaitChildren("deputy", "a");
        a.crash();

        await().atMost(Services.LIMIT)
                .until(() -> status("chief").children().get(0).state() == ChildStatus.State.GIVEN_UP);
        assertThat(log).containsExactly("start a", "start a");
    }

    @Test
    public void a_child_that_blocks_stops_no_other_group() {
        group("stuck");
        group("free");
        PlainChild blocking = PlainChild.blocking("blocking", log);
        registrations.add(blocking.register(context, "stuck"));
        PlainChild a = child("a", 0, "free");
        awaitChildren("free", "a");
        for (int i = 0; i < 5; i++) {
            a.crash();
            int starts = 2 + i;
            await().atMost(Services.LIMIT).until(() -> log.size() == starts);
        }
        assertThat(log).doesNotContain("start blocking");
        blocking.gate.countDown();
        awaitChildren("stuck", "blocking");
    }

    @Test
    public void events_tell_what_happens_as_plain_values() {
        List<String> topics = new CopyOnWriteArrayList<>();
        List<Object> values = new CopyOnWriteArrayList<>();
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("event.topics", "io/holdfast/supervisor/*"));
        EventHandler handler = (Event event) -> {
            values.add(event.getProperty("child.id"));
            // Last: this is what is waited for.
            topics.add(event.getTopic());
        };
        registrations.add(context.registerService(EventHandler.class, handler, properties));
        PlainChild a = child("a", 0, "told");
        group("told", "intensity", 0);
        awaitChildren("told", "a");
        a.crash();
        await().atMost(Services.LIMIT)
                .untilAsserted(() -> assertThat(topics)
                        .containsExactly(
                                "io/holdfast/supervisor/told/STARTED",
                                "io/holdfast/supervisor/told/RESTART",
                                "io/holdfast/supervisor/told/GIVEN_UP"));
        assertThat(values).endsWith("a", "a");
    }
}
