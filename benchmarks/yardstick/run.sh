#!/bin/sh
# Holdfast in the table of peers of a "WebSocket client bench" checkout (its README describes suites and options):
#   benchmarks/yardstick/run.sh BENCH_DIR SUITE [--rounds=5 --only=a,b --out=DIR ...]
# SUITE: a file of ours from benchmarks/yardstick/suites, or one of the bench's own. Run benchmarks/build.sh first.
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bench=$(cd "$1" && pwd); suite=$2; shift 2
[ -f "$suite" ] && suite=$(cd "$(dirname "$suite")" && pwd)/$(basename "$suite")
[ -f "$bench/harness/target/cp.txt" ] || (cd "$bench" && mvn -q -B -ntp package)
out=$root/benchmarks/target/yardstick/target
mkdir -p "$out/classes"
cp "$here/resources/adapters.properties" "$out/classes"
# What is measured is what target/ holds: our classes and the class path that Maven resolved.
printf '%s:%s' "$root/benchmarks/target/classes" "$(cat "$root/benchmarks/target/classpath.txt")" > "$out/cp.txt"
javac --release 17 -d "$out/classes" -cp "$bench/harness/target/classes:$(cat "$out/cp.txt"):$(cat "$bench/harness/target/cp.txt")" $(find "$here/src" -name '*.java')
cd "$bench"
exec java -XX:+UseSerialGC -cp "harness/target/classes:$(cat harness/target/cp.txt)" bench.Runner --suite="$suite" \
  --extra="$root/benchmarks/target/yardstick" --jvm="-Xms1g -Xmx1g -XX:+UseG1GC -XX:+AlwaysPreTouch -XX:-UsePerfData -Dholdfast.bundles=$root/features/app/target/bundles" "$@"
