#!/bin/sh
# Ratios out of a run's raw.jsonl: benchmarks/yardstick/ratios.sh BENCH_DIR RAW_FILE FIGURE OTHER...
here=$(cd "$(dirname "$0")" && pwd)
exec java -cp "$here/../target/yardstick/target/classes:$(cat "$1/harness/target/cp.txt")" io.holdfast.benchmarks.yardstick.Ratios "$2" "$3" $4 $5 $6
