/** A local exchange that plays faults. */
module io.holdfast.simulator {
    requires io.holdfast.api;
    requires com.google.gson;
    requires org.slf4j;

    exports io.holdfast.simulator;
}
