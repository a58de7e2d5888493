#!/usr/bin/env bash
# tools/test: suites are named as they start, and one that hangs, dies or skips is told as what it is.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/checks.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tools" "$scratch/tests/c"
cp tools/test "$scratch/tools/"

# runs BODY PATTERN...: tools/test with a C suite of these commands says all of that, in this order.
runs() {
    local pattern said
    printf '#!/usr/bin/env bash\n%s\n' "$1" >"$scratch/tests/c/run"
    chmod +x "$scratch/tests/c/run"
    said=$(MGP_TARGET=$scratch/target MGP_SUITE_SECONDS=2 "$scratch/tools/test" C)
    echo "$said"
    for pattern in "${@:2}"; do
        [[ $said == *"$pattern"* ]] || { echo "It does not say: $pattern"; return 1; }
        said=${said#*"$pattern"}
    done
}

check "a suite is named before it runs" \
    runs 'echo "C: 1 passed, 0 failed, 0 skipped"' 'C: running' 'C: 1 passed' '1 passed, 0 failed, 0 skipped'
check "a suite that hangs is stopped; the line it stopped at and the slowest before it are shown" \
    runs 'echo "ok quick"; sleep 1.2; echo "ok slow"; echo "running endless"; sleep 60' \
    'was stopped after 2 s' 'running endless' 'slowest' 'ok slow' '0 passed, 1 failed, 0 skipped'
check "a suite that dies counts as a failure" runs 'exit 3' 'ended with status 3' '0 passed, 1 failed, 0 skipped'
check "a suite that fails without a failure counts as one" \
    runs 'echo "C: 5 passed, 0 failed, 0 skipped"; exit 1' 'CRASHED' '5 passed, 1 failed, 0 skipped'
check "what a suite skipped is shown" \
    runs 'echo "SKIPPED: it: apt-get install it"; echo "C: 0 passed, 0 failed, 1 skipped"' \
    'SKIPPED: it: apt-get install it' '0 passed, 0 failed, 1 skipped'
