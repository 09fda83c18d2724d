#!/usr/bin/env bash
# mutation_test.sh: each deliberate fault of tests/mutation still applies, at one place exactly; the run itself is
# part of ./test.sh --long.
set -euo pipefail
python3 tests/mutation/run.py --check
