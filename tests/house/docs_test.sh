#!/usr/bin/env bash
# Every command of README.md, docs/*.md and the studies runs and prints what the page says it prints.
set -euo pipefail
: "${EPSIM:?the program to test}"
exec python3 tests/house/run_docs.py "$EPSIM" README.md docs/*.md analysis/*/README.md
