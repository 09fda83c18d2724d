#!/usr/bin/env bash
# Labs 8 and 9 of the course: a sweep, SQL, pandas and R; apart from the others (course_test.sh), as they take seconds.
set -euo pipefail
: "${EPSIM:?the program to test}"
exec python3 tests/house/run_docs.py "$EPSIM" docs/course/[89]-*.md
