// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A bundle of this build with a mark in its manifest and the same version: Karaf's next change of features would undo another version.
 * For the test JVM.
 */
final class MarkedBundle {

    private MarkedBundle() {}

    static Path of(String artifact, String header) throws IOException {
        String built = KarafContainer.property("holdfast.version");
        Path repository = Path.of(KarafContainer.property("holdfast.itests.repository"));
        Path source = repository
                .resolve("io/holdfast")
                .resolve(artifact)
                .resolve(built)
                .resolve(artifact + "-" + built + ".jar");
        Path result = Path.of(KarafContainer.property("holdfast.itests.target")).resolve(artifact + "-marked.jar");
        try (JarFile jar = new JarFile(source.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().put(new Attributes.Name(header), "true");
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(result), manifest)) {
                for (JarEntry entry : jar.stream()
                        .filter(e -> !e.isDirectory() && !e.getName().equals(JarFile.MANIFEST_NAME))
                        .toList()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    jar.getInputStream(entry).transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return result;
    }
}
