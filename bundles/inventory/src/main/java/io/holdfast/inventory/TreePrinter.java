// SPDX-License-Identifier: Apache-2.0
package io.holdfast.inventory;

import com.google.gson.stream.JsonWriter;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Prints the supervision tree from snapshots; touches nothing and never waits. */
@Component(
        service = InventoryPrinter.class,
        property = {
            InventoryPrinter.NAME + "=holdfast",
            InventoryPrinter.TITLE + "=Holdfast supervision tree",
            InventoryPrinter.FORMAT + "=TEXT",
            InventoryPrinter.FORMAT + "=JSON"
        })
public final class TreePrinter implements InventoryPrinter {
    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Map.Entry<Map<String, Object>, WebSocketClient>> clients = List.of();

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Supervisor> supervisors = List.of();

    @Override
    public void print(PrintWriter writer, Format format, boolean isZip) {
        Tree tree = Tree.of(Instant.now(), clients, supervisors);
        if (format == Format.JSON) {
            try {
                // Not closed: the writer is its owner's.
                new TreeJson(new JsonWriter(writer)).print(tree);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            new TreeText(writer).print(tree);
        }
        writer.flush();
    }
}
