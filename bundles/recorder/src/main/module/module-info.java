/** Records the frames of clients. */
module io.holdfast.recorder {
    requires transitive io.holdfast.api;
    requires org.slf4j;

    exports io.holdfast.recorder;
}
