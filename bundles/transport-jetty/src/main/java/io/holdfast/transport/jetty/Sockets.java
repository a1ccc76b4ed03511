// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;

/** The TCP socket below an end point. */
final class Sockets {
    private Sockets() {}

    static SocketChannelEndPoint below(EndPoint endPoint) {
        EndPoint below = endPoint;
        while (below instanceof EndPoint.Wrapper wrapper) {
            below = wrapper.unwrap();
        }
        return (SocketChannelEndPoint) below;
    }

    /** Ends the connection at once, by RST: neither unsent bytes nor a TLS farewell keep it alive. */
    static void reset(EndPoint endPoint) {
        SocketChannelEndPoint socket = below(endPoint);
        reset(socket.getChannel());
        socket.close();
    }

    static void reset(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Only an open socket can be asked to end by RST; one that is closed already has ended.
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is given back whatever close() says.
            return;
        }
    }
}
