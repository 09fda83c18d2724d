#!/usr/bin/env python3
"""Puts deliberate faults into the program, one at a time, and says which test notices.

Each fault of faults.txt is a line of the engine or the model replaced by a wrong one. The tree is copied once;
for each fault the copy is changed, built and tested, the quick tests first, until one fails. Prints a table;
exit code 1 if a fault is noticed by no test, or if one does not apply or build.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent

# Tests in the order in which they are tried, quick ones first. The last stage is all there are.
STAGES = [
    "engine_model_test",
    "repack_test engine_endpoints_test engine_slices_test engine_collector_test workqueue_test store_test size_test "
    "encode_test size_bytes_test store_twin_test field_owners_test endpoint_test",
    "engine_recordings_test",
    "cluster_test",
    None,
]


class Fault:
    def __init__(self, name, rule, what, path, old, new):
        self.name, self.rule, self.what, self.path, self.old, self.new = name, rule, what, path, old, new

    def problem(self, top):
        """Why it does not apply to the tree; None: it does."""
        path = top / self.path
        if not path.is_file():
            return f"{self.path} does not exist"
        count = path.read_text(encoding="utf-8").count(self.old)
        return None if count == 1 else f"{self.path} has {count} places like this, not one:\n{self.old}"

    def apply(self, top):
        path = top / self.path
        path.write_text(path.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8")


def read_faults(path):
    """Blocks of `name | rule | what`, a path, lines with "-" and lines with "+"; blank lines between them."""
    faults = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        try:
            name, rule, what = (part.strip() for part in lines[0].split("|"))
            path = lines[1].strip()
        except (ValueError, IndexError):
            sys.exit(f"{HERE.name}/faults.txt: not a fault, expected 'name | rule | what' and a path:\n{block}")
        old = "\n".join(line[1:] for line in lines[2:] if line.startswith("-"))
        new = "\n".join(line[1:] for line in lines[2:] if line.startswith("+"))
        if not old or old == new or any(line[0] not in "-+" for line in lines[2:]):
            sys.exit(f"{HERE.name}/faults.txt: {name}: expected lines with '-', what is there, and '+', what is put there")
        faults.append(Fault(name, rule, what, path, old, new))
    return faults


def copy_tree(to):
    def skip(folder, names):
        return [n for n in names if pathlib.Path(folder) == TOP and (n.startswith("build") or n == ".git")]

    shutil.copytree(TOP, to, ignore=skip, symlinks=True)


class Scratch:
    """A copy of the tree with a build of its own."""

    def __init__(self, folder, jobs):
        self.top, self.build, self.jobs = folder / "tree", folder / "tree" / "build", str(jobs)
        copy_tree(self.top)
        self.run("cmake", "-G", "Ninja", "-S", str(self.top), "-B", str(self.build), "-DEPSIM_TESTS=ON",
                 "-DCMAKE_BUILD_TYPE=Release", "-DEPSIM_LTO=OFF")

    def run(self, *command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", cwd=self.top)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:2])} failed:\n{done.stdout[-3000:]}")

    def test(self, stage, every=False):
        """Builds and runs a stage; the names of the tests that fail: the first one, or every one."""
        targets = [f"test_{name}" for name in stage.split()] if stage else []
        self.run("ninja", "-C", str(self.build), "-j", self.jobs, *targets)
        command = ["ctest", "--test-dir", str(self.build), "--timeout", "600"]
        command += ["-j", self.jobs] if every else ["--stop-on-failure"]
        if stage:
            command += ["-R", "^(" + "|".join(stage.split()) + ")(_[a-z]+)?$"]  # a part of a test, too
        else:
            command += ["-E", "^(bench_|house_docs_test)"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace")
        # CTest starts tests in an order of its own; what it names first failed first.
        failed = re.findall(r"\d+/\d+ Test +#\d+: (\S+) \.*\**(?:Failed|Exception|Timeout|Subprocess|Not Run)", done.stdout)
        if done.returncode and not failed:
            raise RuntimeError(f"ctest failed, but no test did:\n{done.stdout[-3000:]}")
        return failed if every else failed[:1]


def find_tests(scratch, fault, every):
    """The first test that notices the fault, or every one of the first stages; empty: none does."""
    path = scratch.top / fault.path
    good = path.read_bytes()
    fault.apply(scratch.top)
    try:
        names = []
        for stage in STAGES:
            if not names or every and stage:
                names += scratch.test(stage, every)
        return names
    finally:
        path.write_bytes(good)


def main():
    parser = argparse.ArgumentParser(
        description="Deliberate faults, one at a time, and which test notices.",
        epilog="Example: tests/mutation/run.py --only best-fit-first --every")
    parser.add_argument("--check", action="store_true", help="only see whether each fault applies; builds nothing")
    parser.add_argument("--only", metavar="NAME", action="append", help="this fault alone; may be given more than once")
    parser.add_argument("--every", action="store_true", help="every test that notices, not only the first; takes five times as long")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), help="compilers side by side")
    arguments = parser.parse_args()

    faults = read_faults(HERE / "faults.txt")
    if arguments.only:
        unknown = set(arguments.only) - {fault.name for fault in faults}
        if unknown:
            parser.error(f"no fault is called {', '.join(sorted(unknown))}")
        faults = [fault for fault in faults if fault.name in arguments.only]
    bad = [f"{fault.name}: {problem}" for fault in faults if (problem := fault.problem(TOP))]
    names = [fault.name for fault in faults]
    bad += [f"{name}: there are two of that name" for name in sorted(set(names)) if names.count(name) > 1]
    if bad:
        sys.exit("\n".join(bad))
    if arguments.check:
        print(f"{len(faults)} faults apply")
        return 0

    missed = 0
    os.environ["EPSIM_TEST_QUICK"] = "1"  # random programs that fail need not be shrunk
    with tempfile.TemporaryDirectory(prefix="epsim-mutation-") as folder:
        scratch = Scratch(pathlib.Path(folder), arguments.jobs)
        for stage in STAGES[:-1]:  # tests must pass before one can fail for a reason
            if names := scratch.test(stage):
                sys.exit(f"{names[0]} fails without any fault")
        print("| fault | rule | noticed by |\n|---|---|---|", flush=True)
        for fault in faults:
            try:
                names = find_tests(scratch, fault, arguments.every)
            except RuntimeError as error:
                names = []
                print(f"{fault.name}: {error}", file=sys.stderr)
            missed += not names
            print(f"| {fault.what} | {fault.rule} | {', '.join(sorted(names)) or '**nothing**'} |", flush=True)
    print(f"{len(faults)} faults, {missed} not noticed", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
