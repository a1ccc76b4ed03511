/** An application on the module path: transport and heartbeat plugins come by themselves. */
module io.holdfast.examples.plain {
    requires io.holdfast.client;
}
