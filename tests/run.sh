#!/usr/bin/env bash
# `make test`, and with CUTOVER_WHOLE=1 `make test-all`: every part in its order, each with its time. The Go build is
# begun first and runs beside lint and the tests that need no cluster.
#   SEED=...    letters and digits: which part of the long matrices is taken; by default from the commit's tree
#   PARTS=...   some of: lint core cluster users alone; by default all
set -uo pipefail
cd "$(dirname "$0")/.."
workers="${WORKERS:-4}"
parts=" ${PARTS:-lint core cluster users alone} "
whole="${CUTOVER_WHOLE:-}"
export CUTOVER_SEED="${SEED:-$(git rev-parse --short=8 'HEAD^{tree}' 2>/dev/null || echo 0)}"
declare -a times
failed=0

for name in $parts; do
  [[ " lint core cluster users alone " == *" $name "* ]] || { echo "PARTS: there is no part $name" >&2; exit 2; }
done
[[ "$CUTOVER_SEED" =~ ^[0-9A-Za-z]+$ ]] || { echo "SEED: expected letters and digits, found $CUTOVER_SEED" >&2; exit 2; }

# Coverage is measured when everything runs: of every process of Python, those that the tests start too (`patch` in
# pyproject.toml). It costs a third of the time.
python=.venv/bin/python
measured="$python"
sampled=" and not whole"
if [[ -n "$whole" ]]; then
  measured="$python -m coverage run"
  sampled=""
  echo "== everything; seed $CUTOVER_SEED for what is drawn"
else
  echo "== a sample of the long matrices, by the seed $CUTOVER_SEED (make test SEED=$CUTOVER_SEED repeats it)"
fi

part() { # NAME COMMAND...: run a part, remember its time and whether it failed
  local name="$1" began=$SECONDS
  shift
  echo "== $name"
  if ! "$@"; then failed=1; echo "== $name: FAILED"; fi
  times+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}
asked() { [[ "$parts" == *" $1 "* ]]; }
needs_cluster() { asked cluster || asked users || asked alone; }

part "virtual environment" make --no-print-directory .venv/.installed || exit 1
# Hundreds of processes of ours are started: none of them compiles again what another one has.
export PYTHONDONTWRITEBYTECODE=
$python -m compileall -q cutover tests
if needs_cluster; then
  $python -m tests.cluster build >build.log 2>&1 &
  build=$!
  echo "== the Go build runs beside the next parts (build.log)"
fi
# Some tests without a cluster need Debian packages, too.
part "Debian packages" make --no-print-directory packages
asked lint && part "lint" make --no-print-directory lint
asked core && part "tests without a cluster" $measured -m pytest -q -m "not cluster$sampled" -n 3 --junitxml=build/core.xml
if needs_cluster; then
  wait_for_build() { wait "$build"; local code=$?; cat build.log; return $code; }
  part "Go build (the rest of it)" wait_for_build
  part "cluster up" $python -m tests.cluster up
  asked cluster && part "tests on the cluster, side by side" $measured -m pytest -q \
    -m "cluster and not alone and not users$sampled" -n "$workers" --dist worksteal --durations=15 \
    --junitxml=build/cluster.xml
  asked users && part "tests on the cluster with users, three at a time" $measured -m pytest -q \
    -m "cluster and users$sampled" -n 3 --dist worksteal --durations=10 --junitxml=build/users.xml
  asked alone && part "tests on the cluster, one at a time" $measured -m pytest -q \
    -m "cluster and alone$sampled" --durations=10 --junitxml=build/alone.xml
  part "cluster down" $python -m tests.cluster down
fi
if [[ -n "$whole" ]]; then
  $measured --source=cutover -m cutover.__main__ version --help >/dev/null # so that no file is forgotten
  $python -m coverage combine -q
  part "coverage" $python -m coverage report --skip-covered --skip-empty
fi
echo "== times"
printf '%s\n' "${times[@]}"
printf '%5d s  in all\n' $SECONDS
exit "$failed"
