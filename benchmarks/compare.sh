#!/bin/sh
# Ours and other clients side by side: benchmarks/compare.sh [--rounds=5 --clients=a,b --receive=SIZES --answer=SIZES --heap=COUNTS]
set -e
cd "$(dirname "$0")/.."
[ -n "$HOLDFAST_BUILT" ] || benchmarks/build.sh
exec java -XX:+UseSerialGC -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)" io.holdfast.benchmarks.compare.Compare "$@"
