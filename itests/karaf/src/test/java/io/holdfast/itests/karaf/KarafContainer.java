// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.karaf;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.CoreOptions.vmOption;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.container.remote.RBCRemoteTargetOptions;

/** Options of a Karaf as it is downloaded, that finds everything in the build's own repository and nothing elsewhere. For the test JVM. */
final class KarafContainer {

    /** Set for tests inside: coordinates of the features file. */
    static final String FEATURES = "holdfast.itests.features";

    private static final String MAVEN = "etc/org.ops4j.pax.url.mvn.cfg";
    private static final String MANAGEMENT = "etc/org.apache.karaf.management.cfg";
    private static final String SHELL = "etc/org.apache.karaf.shell.cfg";

    /** Karaf starts in some 10 s; a limit for the slowest machine. */
    private static final int START_LIMIT_MILLIS = 600_000;

    private KarafContainer() {}

    static List<Option> standard() throws IOException {
        Path libraries = Path.of(property("holdfast.itests.karaf"));
        Path target = Path.of(property("holdfast.itests.target"));
        String karaf = property("karaf.version");
        List<Option> options = new ArrayList<>(List.of(
                karafDistributionConfiguration()
                        .frameworkUrl(
                                libraries.resolve("apache-karaf.tar.gz").toUri().toString())
                        .karafVersion(karaf)
                        .name("Apache Karaf")
                        .unpackDirectory(target.resolve("exam").toFile()),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                keepRuntimeFolder(),
                systemTimeout(START_LIMIT_MILLIS),
                RBCRemoteTargetOptions.waitForRBCFor(START_LIMIT_MILLIS),
                editConfigurationFilePut(
                        MAVEN,
                        "org.ops4j.pax.url.mvn.defaultRepositories",
                        "${karaf.home.uri}${karaf.default.repository}@id=system.repository@snapshots, "
                                + Path.of(property("holdfast.itests.repository"))
                                        .toUri() + "@id=staged@snapshots"),
                editConfigurationFilePut(MAVEN, "org.ops4j.pax.url.mvn.repositories", ""),
                editConfigurationFilePut(
                        MAVEN,
                        "org.ops4j.pax.url.mvn.localRepository",
                        target.resolve("karaf-local-repository").toString()),
                editConfigurationFilePut(MANAGEMENT, "rmiRegistryPort", freePort()),
                editConfigurationFilePut(MANAGEMENT, "rmiServerPort", freePort()),
                editConfigurationFilePut(SHELL, "sshHost", "127.0.0.1"),
                editConfigurationFilePut(SHELL, "sshPort", freePort()),
                editConfigurationFilePut("etc/org.ops4j.pax.web.cfg", "org.osgi.service.http.port", freePort()),
                editConfigurationFilePut(
                        "etc/org.ops4j.pax.web.cfg", "org.ops4j.pax.web.listening.addresses", "127.0.0.1"),
                systemProperty(FEATURES)
                        .value("mvn:io.holdfast/io.holdfast.karaf/" + property("holdfast.version") + "/xml/features")));
        for (Path library : testLibraries(libraries)) {
            options.add(bundle(library.toUri().toString()));
        }
        vmOptions(karaf).forEach(option -> options.add(vmOption(option)));
        return options;
    }

    private static List<Path> testLibraries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** What Karaf's own start script gives to Java; the test container does not use that script. */
    private static List<String> vmOptions(String karaf) {
        return List.of(
                "--add-reads=java.xml=java.logging",
                "--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED",
                "--patch-module",
                "java.base=lib/endorsed/org.apache.karaf.specs.locator-" + karaf + ".jar",
                "--patch-module",
                "java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-" + karaf + ".jar",
                "--add-opens",
                "java.base/java.security=ALL-UNNAMED",
                "--add-opens",
                "java.base/java.net=ALL-UNNAMED",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--add-opens",
                "java.base/java.util=ALL-UNNAMED",
                "--add-opens",
                "java.naming/javax.naming.spi=ALL-UNNAMED",
                "--add-opens",
                "java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.file=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.ftp=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.http=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.https=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.content.text=ALL-UNNAMED",
                "--add-exports=jdk.xml.dom/org.w3c.dom.html=ALL-UNNAMED",
                "--add-exports=jdk.naming.rmi/com.sun.jndi.url.rmi=ALL-UNNAMED",
                "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
                "--add-exports=java.security.sasl/com.sun.security.sasl=ALL-UNNAMED",
                "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
                "-classpath",
                "lib/jdk9plus/*" + File.pathSeparator + "lib/boot/*",
                "-Djava.rmi.server.hostname=127.0.0.1");
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("system property " + name + " is not set; see itests/karaf/pom.xml");
        }
        return value;
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
