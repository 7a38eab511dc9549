#!/usr/bin/env bash
# `make test`: every part in its order, each with its time. The Go build is begun first and runs beside lint and the
# tests that need no cluster.
set -uo pipefail
cd "$(dirname "$0")/.."
workers="${WORKERS:-4}"
# Every process of Python is measured, those that the tests start too (`patch` in pyproject.toml).
measured=".venv/bin/python -m coverage run"
declare -a times
failed=0

part() { # NAME COMMAND...: run a part, remember its time and whether it failed
  local name="$1" began=$SECONDS
  shift
  echo "== $name"
  if ! "$@"; then failed=1; echo "== $name: FAILED"; fi
  times+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}

part "virtual environment" make --no-print-directory .venv/.installed || exit 1
.venv/bin/python -m tests.cluster build >build.log 2>&1 &
build=$!
echo "== the Go build runs beside the next parts (build.log)"
part "Debian packages" make --no-print-directory packages
part "lint" make --no-print-directory lint
part "tests without a cluster" $measured -m pytest -q -m "not cluster" -n 2 --junitxml=build/core.xml
wait_for_build() { wait "$build"; local code=$?; cat build.log; return $code; }
part "Go build (the rest of it)" wait_for_build
part "cluster up" .venv/bin/python -m tests.cluster up
part "tests on the cluster, side by side" $measured -m pytest -q -m "cluster and not alone and not users" \
  -n "$workers" --dist worksteal --durations=15
part "tests on the cluster with users, three at a time" $measured -m pytest -q -m "cluster and users" \
  -n 3 --dist worksteal --durations=10
part "tests on the cluster, one at a time" $measured -m pytest -q -m "cluster and alone" --durations=10
$measured --source=cutover -m cutover.__main__ version --help >/dev/null # so that no file is forgotten
.venv/bin/python -m coverage combine -q
part "coverage" .venv/bin/python -m coverage report --skip-covered --skip-empty
part "cluster down" .venv/bin/python -m tests.cluster down
echo "== times"
printf '%s\n' "${times[@]}"
exit "$failed"
