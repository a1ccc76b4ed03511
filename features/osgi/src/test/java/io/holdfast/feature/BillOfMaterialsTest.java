// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The bill of materials lists what the runnable jar holds, and nothing that Maven only resolved. */
class BillOfMaterialsTest {
    private static final Path APP = Path.of(System.getProperty("holdfast.root")).resolve("features/app/target");
    private static final Path BILL = APP.resolve("holdfast.cdx.json");
    private static final Pattern PART = Pattern.compile("pkg:maven/[^/\"]+/([^@\"]+)@([^?\"]+)\\?type=jar");

    @Test
    void listsWhatIsShipped() throws IOException {
        assumeTrue(Files.exists(BILL), "made in phase package, and not offline");
        TreeSet<String> listed = new TreeSet<>();
        Matcher part = PART.matcher(Files.readString(BILL));
        while (part.find()) {
            listed.add(part.group(1) + "-" + part.group(2) + ".jar");
        }
        assertThat(listed.removeIf(name -> name.startsWith("io.holdfast.launcher-")))
                .as("is about the runnable jar")
                .isTrue();

        TreeSet<String> shipped = new TreeSet<>(inside());
        assertThat(shipped).hasSizeGreaterThan(40);
        // Unpacked, not as a jar.
        shipped.add("org.apache.felix.framework-" + System.getProperty("holdfast.felix") + ".jar");
        assertThat(listed).isEqualTo(shipped);
    }

    private static List<String> inside() throws IOException {
        try (ZipFile jar = new ZipFile(APP.resolve("holdfast.jar").toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("bundles/") && name.endsWith(".jar"))
                    .map(name -> name.substring("bundles/".length()))
                    .toList();
        }
    }
}
