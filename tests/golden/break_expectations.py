#!/usr/bin/env python3
"""Breaks one value of one expectation at a time and wants `epsim check` to notice it.

usage: break_expectations.py EPSIM SCENARIO...
Of long scenarios only some values are broken, so that all of it takes seconds.
"""
import os
import re
import subprocess
import sys
import tempfile

EXPECTATION = re.compile(r"^  - \{at: .*service: ")
VALUE = re.compile(r"\b(pods|ready|ep_addresses|ep_omitted|ep_truncated|slices|slices_ideal|fill): (\">=)?([\w.]+)\"?")
SLOW = {"synthetic-month.yaml": 1, "fragmentation.yaml": 3}  # at most so many values


def broken(match):
    """Another value of the same type that cannot hold as well."""
    column, at_least, value = match.groups()
    if value in ("true", "false"):
        return f"{column}: {'false' if value == 'true' else 'true'}"
    if at_least:
        return f'{column}: ">={float(value) + 100000:g}"'
    return f"{column}: {float(value) + 7:g}"


def check(epsim, name, lines, number, replacement, scratch):
    """Runs the scenario with line `number` replaced; the complaint must name that line."""
    path = os.path.join(scratch, name)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(lines[:number] + [replacement] + lines[number + 1 :])
    ran = subprocess.run([epsim, "check", name], cwd=scratch, capture_output=True, text=True)
    said = ran.stdout + ran.stderr
    failures = [line for line in said.splitlines() if "FAILED" in line]
    if ran.returncode != 1 or len(failures) != 1 or f"{name}:{number + 1} " not in failures[0] or "got" not in failures[0]:
        sys.exit(f"{name}:{number + 1}: broken expectation not told rightly (exit {ran.returncode}):\n{replacement}{said}")


def main():
    epsim = os.path.abspath(sys.argv[1])
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        for path in sys.argv[2:]:
            name = os.path.basename(path)
            with open(path, encoding="utf-8") as file:
                lines = file.readlines()
            jobs = []
            for number, line in enumerate(lines):
                if EXPECTATION.match(line):
                    for match in VALUE.finditer(line):
                        jobs.append((number, line[: match.start()] + broken(match) + line[match.end() :]))
            for number, replacement in jobs[: SLOW.get(name, len(jobs))]:
                check(epsim, name, lines, number, replacement, scratch)
                count += 1
    print(f"{count} broken expectations were noticed")


if __name__ == "__main__":
    main()
