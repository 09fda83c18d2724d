#!/usr/bin/env bash
# The course: every command of a lab runs and prints what the page says it prints, answers of exercises too; and each answer has
# a command, each picture a command that draws it, each link something behind it. Labs 8 and 9 have a test of their own.
set -euo pipefail
: "${EPSIM:?the program to test}"
python3 tests/house/check_course.py docs/course
shopt -s extglob
exec python3 tests/house/run_docs.py "$EPSIM" docs/course/!([89]-*).md
