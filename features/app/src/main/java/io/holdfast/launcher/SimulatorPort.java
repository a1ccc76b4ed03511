// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** The port for the simulator, known before it starts, because the clients' addresses in the configuration hold it too. */
final class SimulatorPort {

    /** System property and framework property; the former lets a user choose the port. */
    static final String PROPERTY = "holdfast.simulator.port";

    /** Below the range from which systems take ports for outgoing connections: nobody gets it by chance before the simulator does. */
    private static final int LOWEST = 12_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    private SimulatorPort() {}

    static String choose() throws IOException {
        String given = System.getProperty(PROPERTY);
        return given != null ? given : Integer.toString(free());
    }

    private static int free() throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = random.nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port found for the simulator; give one with -D" + PROPERTY + "=PORT");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
