#!/bin/sh
# Builds what is measured, without tests. Run from anywhere.
cd "$(dirname "$0")/.." && exec mvn -q -Pbenchmarks -pl benchmarks,features/app -am -DskipTests package
