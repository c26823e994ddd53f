#!/bin/sh
# How near we come to PEFT, TRL, bitsandbytes, transformers and numpy: runs the golden tests and writes docs/PARITY.md.
set -eu
root=$(dirname -- "$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)")
cd "$root"
mvn=mvn
command -v mvn >/dev/null 2>&1 || mvn="$root/mvnw"
rm -f artifacts/target/parity.tsv lora/target/parity.tsv
"$mvn" -q -B -ntp -pl artifacts,lora -am -Dtest='*GoldenTest,MergedBaseTest' -Dsurefire.failIfNoSpecifiedTests=false test
{
    cat <<'END'
# Parity: how near we come to other programs

Made by `bench/parity.sh` from the golden tests; do not edit. The other programs' numbers lie in `lora/src/test/resources/golden` and
`artifacts/src/test/resources/golden`; the scripts that made them lie beside the tests, in `src/test/golden`, and say with which
versions. The models are tiny and random, everything computes in float32, and each line is the largest difference that was seen. 0 means
the same bits.
END
    # Of several notes of one line the largest difference counts.
    cat artifacts/target/parity.tsv lora/target/parity.tsv | awk -F '\t' '
        { key = $1 FS $2 FS $3 FS $4 FS $6; if (!(key in most) || $5 + 0 > most[key] + 0) most[key] = $5 }
        END { for (key in most) print key FS most[key] }' | LC_ALL=C sort | awk -F '\t' '
        $1 != kind { kind = $1; printf "\n## %s\n\n| what | against | measure | largest difference | bar |\n| --- | --- | --- | ---: | ---: |\n", kind }
        { printf "| %s | %s | %s | %s | %s |\n", $2, $3, $4, ($6 + 0 == 0 ? "0" : $6), ($5 + 0 == 0 ? "0" : $5) }'
} >docs/PARITY.md
echo "docs/PARITY.md: $(grep -c '^| [^w-]' docs/PARITY.md) comparisons"
