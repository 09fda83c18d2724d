#!/usr/bin/env bash
# The course: every command of a lab runs and prints what the page says it prints, answers of exercises too; and each answer has
# a command, each picture a command that draws it, each link something behind it. Labs 8 and 9 have a test of their own.
set -euo pipefail
: "${EPSIM:?the program to test}"
python3 tests/house/check_course.py docs/course

# Injected faults must be caught: an answer without its command, a picture without its file, a page that nobody names.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r docs "$scratch"
course=$scratch/docs/course
sed -i '0,/^<details>/! { 0,/^\$ epsim check/ s/^\$ epsim check/epsim check/ }' "$course/1-services.md"
rm "$course/images/2-fill.png"
echo 'Nobody comes here.' >"$course/forgotten.md"
found=$(python3 tests/house/check_course.py "$course" 2>&1 || true)
for fault in "1-services.md: an answer without a command" "images/2-fill.png leads nowhere" "README.md does not name forgotten.md"; do
    [[ $found == *"$fault"* ]] || { echo "the test misses: $fault; it says: $found" >&2; exit 1; }
done

shopt -s extglob
python3 tests/house/run_docs.py "$EPSIM" docs/course/!([89]-*).md
