#!/usr/bin/env python3
"""Runs the commands of Markdown pages and compares what they print.

usage: run_docs.py EPSIM PAGE...

In a fenced block of kind `console`, a line that starts with "$ " is a command (a line that ends in a backslash goes
on in the next); the lines up to the next command are its output, both streams together. In an expected line, "..."
stands for any text; a line that is only "..." stands for any number of lines. A command without output lines may print
what it likes. Blocks of kind `yaml` right before a console block are saved under the name in their first comment
("# NAME.yaml ..."). All blocks of a page run in one scratch folder that has `scenarios`, `analysis` and `epsim`.
A block opened with "```console month", "console pandas" or "console r" needs the month of a production cluster, pandas (of
/usr/bin/python3, which Debian's packages are for) or R with RSQLite, and is skipped, visibly, without it.
"""
import os
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```([\w ]*?)\s*$")
ANYTHING = re.compile(r"(?<!\.)\.\.\.(?!\.)")  # longer rows of dots are themselves, as in the bars of `epsim step`
MONTH = "shared/data/alibaba_v2025_dlrm_instances.csv"


def blocks(path):
    """(kind, first line number, lines) of each fenced block."""
    kind = None
    with open(path, encoding="utf-8") as page:
        for number, line in enumerate(page, 1):
            fence = FENCE.match(line)
            if fence and kind is None:
                kind, start, body = fence.group(1), number + 1, []
            elif fence:
                yield kind, start, body
                kind = None
            elif kind is not None:
                body.append(line.rstrip("\n"))


def commands(lines, start):
    """(line number, command, expected lines) of a console block."""
    found, i = [], 0
    while i < len(lines):
        if lines[i].startswith("$ "):
            number, text = start + i, lines[i][2:]
            while text.endswith("\\"):
                i += 1
                text = text[:-1] + " " + lines[i].strip()
            found.append((number, text, []))
        elif found:
            found[-1][2].append(lines[i])
        i += 1
    return found


def matches(expected, got):
    """True when the lines agree; "..." stands for anything."""
    if not expected:
        return not got
    if expected[0].strip() == "...":
        return any(matches(expected[1:], got[k:]) for k in range(len(got) + 1))
    if not got:
        return False
    pattern = ".*".join(re.escape(part) for part in ANYTHING.split(expected[0].rstrip()))
    return re.fullmatch(pattern, got[0].rstrip()) is not None and matches(expected[1:], got[1:])


def succeeds(*command):
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except FileNotFoundError:
        return False


NEEDS = {
    "month": lambda top: os.path.exists(os.path.join(top, "..", MONTH)),
    # Looked for, not loaded, which would take as long as the command itself.
    "pandas": lambda top: succeeds("/usr/bin/python3", "-c", "import importlib.util as u; exit(u.find_spec('pandas') is None)"),
    "r": lambda top: succeeds("Rscript", "-e", "quit(status = !nzchar(system.file(package = 'RSQLite')))"),
}


def can_run(kind, page, start, top):
    """Whether a block is one of commands; one whose need is not there is told of."""
    if not kind.startswith("console"):
        return False
    needed = [need for need in kind.split()[1:] if not NEEDS[need](top)]
    if needed:
        print(f"SKIP: {page}:{start}: {needed[0]} is not there")
    return not needed


def run_page(page, environment, top):
    count = 0
    with tempfile.TemporaryDirectory() as around:
        scratch = os.path.join(around, "epsim")
        os.mkdir(scratch)
        if NEEDS["month"](top):
            os.symlink(os.path.join(top, "..", "shared"), os.path.join(around, "shared"))
        for shared in ("scenarios", "analysis", "docs", "tests"):
            os.symlink(os.path.join(top, shared), os.path.join(scratch, shared))
        for kind, start, lines in blocks(page):
            named = re.match(r"^# ([\w.-]+\.yaml)", lines[0]) if kind == "yaml" and lines else None
            if named:
                with open(os.path.join(scratch, named.group(1)), "w", encoding="utf-8") as out:
                    out.write("\n".join(lines) + "\n")
            if not can_run(kind, page, start, top):
                continue
            for number, command, expected in commands(lines, start):
                if command.startswith(("./demo.sh", "./test.sh", "git ", "cmake ", "sudo ", "cd ")):
                    continue  # the set-up itself: test.sh and its steps stand for it
                ran = subprocess.run(
                    ["bash", "-c", command], cwd=scratch, env=environment, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                got = ran.stdout.rstrip("\n").split("\n") if ran.stdout else []
                while expected and not expected[-1].strip():
                    expected.pop()
                failed = ran.returncode not in (0, 1) if expected else ran.returncode != 0
                if failed or (expected and not matches(expected, got)):
                    sys.exit(f"{page}:{number}: $ {command}\n(exit {ran.returncode}) printed:\n{ran.stdout}\nwanted:\n"
                             + "\n".join(expected))
                count += 1
    return count


def main():
    top = os.getcwd()
    environment = dict(os.environ)
    environment["PATH"] = os.path.dirname(os.path.abspath(sys.argv[1])) + ":" + environment["PATH"]
    total = sum(run_page(page, environment, top) for page in sys.argv[2:])
    if total == 0:
        sys.exit("no command found")
    print(f"{total} commands of {len(sys.argv) - 2} pages ran")


if __name__ == "__main__":
    main()
