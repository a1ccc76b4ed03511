#!/bin/sh
# The parts of the message path by JMH: benchmarks/parts.sh [JMH's own arguments, for instance -prof gc Delivery]
set -e
cd "$(dirname "$0")/.."
[ -n "$HOLDFAST_BUILT" ] || benchmarks/build.sh
exec java -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)" org.openjdk.jmh.Main "$@"
