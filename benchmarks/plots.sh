#!/bin/sh
# Draws the two plots of docs/performance.md from new measurements: benchmarks/plots.sh [--rounds=3 ...]
set -e
cd "$(dirname "$0")/.."
out=benchmarks/target/plots
benchmarks/compare.sh --out=$out --receive=150,528,2000,8000 --answer= --heap=500,1000,2000,4000 \
  --clients=jetty,jetty-core,holdfast,holdfast-direct,okhttp,netty "$@"
plot() { java -cp benchmarks/target/classes io.holdfast.benchmarks.compare.Plot $out/results.csv "$@"; }
plot receive "CPU in us for each message, over its size in bytes" docs/performance-receive.svg
plot heap "Heap in bytes for each idle connection, over their number" docs/performance-heap.svg
