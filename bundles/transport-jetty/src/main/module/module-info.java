/** The transport on Jetty's WebSocket core. */
module io.holdfast.transport.jetty {
    requires io.holdfast.api;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.util;
    requires org.eclipse.jetty.websocket.core.common;
    requires org.slf4j;

    provides io.holdfast.api.transport.Transport with
            io.holdfast.transport.jetty.JettyTransport;
}
