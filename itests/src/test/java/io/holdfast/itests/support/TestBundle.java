// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.FileResource;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bundle made of classes of the test tree, by bnd, with DS components and import ranges as in a real build.
 *
 * <p>For the test JVM, that is for configuration methods and outside-in tests: bnd is not in the container. A test inside gets the
 * bundle through {@link Containers#provide} and {@link Containers#provided}. Nothing is exported unless a header says so.
 */
public final class TestBundle {

    private final String symbolicName;
    private final String version;
    private final List<Class<?>> classes;
    private final Map<String, String> headers;

    private TestBundle(String symbolicName, String version, List<Class<?>> classes, Map<String, String> headers) {
        this.symbolicName = symbolicName;
        this.version = version;
        this.classes = classes;
        this.headers = headers;
    }

    /** Holds the classes and what is nested in them. */
    public static TestBundle of(String symbolicName, String version, Class<?>... classes) {
        return new TestBundle(symbolicName, version, List.of(classes), Map.of());
    }

    /** The same bundle with one more manifest header or bnd instruction. */
    public TestBundle header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new TestBundle(symbolicName, version, classes, more);
    }

    /** The jar; every call builds it anew. */
    public InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    /** Writes the jar as {@code <symbolic name>-<version>.jar} and answers its path. */
    public Path writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        return Files.write(directory.resolve(symbolicName + "-" + version + ".jar"), bytes());
    }

    private byte[] bytes() {
        try (Builder builder = new Builder();
                Jar content = new Jar("content")) {
            for (Class<?> type : classes) {
                add(type, content);
            }
            for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (path.endsWith(".jar")) {
                    builder.addClasspath(new File(path));
                }
            }
            builder.setJar(content);
            builder.setProperty("Bundle-SymbolicName", symbolicName);
            builder.setProperty("Bundle-Version", version);
            builder.setProperty("-noextraheaders", "true");
            headers.forEach(builder::setProperty);
            Jar built = builder.build();
            if (!builder.isOk()) {
                throw new IllegalStateException(symbolicName + ": " + builder.getErrors() + builder.getWarnings());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            built.write(out);
            return out.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException("bnd could not build " + symbolicName, e);
        }
    }

    private static void add(Class<?> type, Jar content) throws Exception {
        Path root =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        String name = type.getName().replace('.', '/');
        Path folder = root.resolve(name).getParent();
        String simple = name.substring(name.lastIndexOf('/') + 1);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String fileName = file.getFileName().toString();
                if (fileName.equals(simple + ".class")
                        || (fileName.startsWith(simple + "$") && fileName.endsWith(".class"))) {
                    content.putResource(
                            root.relativize(file).toString().replace(File.separatorChar, '/'),
                            new FileResource(file.toFile()));
                }
            }
        }
    }
}
