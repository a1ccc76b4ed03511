// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;

/** The bundles that lie in this jar, below {@code bundles/}. */
final class BundleJars implements AutoCloseable {

    private static final String FOLDER = "bundles/";

    private final JarFile jar;

    private BundleJars(JarFile jar) {
        this.jar = jar;
    }

    static BundleJars ofThisJar() throws IOException {
        return new BundleJars(new JarFile(thisJar().toFile()));
    }

    /** A URL to which the file name of a bundle may be added, for whoever is to update one. */
    static String location() throws IOException {
        return "jar:" + thisJar().toUri() + "!/" + FOLDER;
    }

    private static Path thisJar() throws IOException {
        CodeSource source = BundleJars.class.getProtectionDomain().getCodeSource();
        Path path = source == null ? null : path(source.getLocation());
        if (path == null || !Files.isRegularFile(path)) {
            throw new IOException("the launcher must run from holdfast.jar, which holds the bundles; this is " + path);
        }
        return path;
    }

    private static Path path(URL url) throws IOException {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException("location of holdfast.jar is not a file: " + url, e);
        }
    }

    /** File names without folder, sorted. */
    List<String> names() throws IOException {
        List<String> names = jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(FOLDER) && name.endsWith(".jar"))
                .map(name -> name.substring(FOLDER.length()))
                .sorted()
                .toList();
        if (names.isEmpty()) {
            throw new IOException(jar.getName() + " holds no bundles");
        }
        return names;
    }

    InputStream open(String name) throws IOException {
        return jar.getInputStream(jar.getEntry(FOLDER + name));
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
