#!/bin/sh
# What poisoned feedback gets through defences and gates: bench/poison.sh MODEL [--only NAME ...]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(dirname -- "$here")
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
mvn=mvn
command -v mvn >/dev/null 2>&1 || mvn="$root/mvnw"
changed=$(find "$root"/pom.xml "$root"/lora/src/main "$root"/artifacts/src/main "$root"/schemas/src/main "$root"/gates/src/main \
    "$root"/ingest/src/main "$root"/trainer-worker/src/main "$root"/evaluator/src/main "$here"/src/main \
    "$here"/pom.xml -newer "$here/target/built" 2>/dev/null | head -n 1) || true
if [ ! -f "$here/target/built" ] || [ -n "$changed" ]; then
    (cd "$root" && "$mvn" -q -B -ntp -pl bench -am -Dmaven.test.skip=true package)
    touch "$here/target/built"
fi
flags="--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC"
# shellcheck disable=SC2086 # several flags
exec "$java" $flags -Xmx1g -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dadaptermill.bench="$here" -cp "$here/target/*:$here/target/lib/*" \
    io.adaptermill.bench.poison.Poison "$@"
