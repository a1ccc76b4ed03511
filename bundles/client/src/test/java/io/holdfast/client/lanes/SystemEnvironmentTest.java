// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemEnvironmentTest {
    @Test
    void everyThreadHasTheGivenContextLoaderWhoeverNeedsItFirst() throws Exception {
        ClassLoader users = new URLClassLoader(new URL[0]);
        ClassLoader given = new URLClassLoader(new URL[0]);
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        caller.setContextClassLoader(users);
        try (SystemEnvironment environment = new SystemEnvironment(given)) {
            for (Executor executor : List.of(
                    environment.mailboxes(),
                    environment.plugins(),
                    environment.deliveries(),
                    environment.publishing(),
                    task -> environment.schedule(0, task))) {
                CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
                executor.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
                assertThat(seen.get(30, TimeUnit.SECONDS)).isSameAs(given);
            }
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    @Test
    void whatAMailboxStillDoesAtTheEndFindsAThreadToPublishOn() throws Exception {
        SystemEnvironment environment = new SystemEnvironment();
        Thread closer = new Thread(environment::close);
        CompletableFuture<Void> published = new CompletableFuture<>();
        environment.mailboxes().execute(() -> {
            while (closer.getState() != Thread.State.TIMED_WAITING && closer.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            try {
                environment.publishing().execute(() -> published.complete(null));
            } catch (RejectedExecutionException e) {
                published.completeExceptionally(e);
            }
        });
        closer.start();
        published.get(30, TimeUnit.SECONDS);
        closer.join();
    }
}
