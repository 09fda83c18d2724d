#!/usr/bin/env python3
"""Measures epsim and writes what docs/performance.md shows of it: its tables, and its pictures by performance.gp.

usage: analysis/performance.py EPSIM [--from FILE.json] [--month TABLE.csv] [--cimba PROGRAM]

Without --from, `EPSIM bench --json` is run first (minutes; the machine should have nothing else to do) and its answer
kept as docs/performance.json. --month: the table of docs/month.md, for the row of the month. --cimba: the program
MM1_single of Cimba's own benchmark, run by turns with ours. Rows that were not measured say so. What stands between
the lines `<!-- measured: NAME -->` and `<!-- end -->` of the page is written anew, the rest stays.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(TOP, "docs", "performance.md")
KEPT = os.path.join(TOP, "docs", "performance.json")
UNITS = {"1/s": "/s", "MB/s": " MB/s", "ms": " ms", "bytes": " B", "times": " x", "percent": " %"}


def three(value):
    """Three digits that matter, with commas."""
    if value < 100:
        return f"{value:.3g}"
    unit = 10 ** max(0, len(str(int(value))) - 3)
    return f"{round(value / unit) * unit:,}"


def each(rate):
    ns = 1e9 / rate
    return f"{three(ns)} ns" if ns < 1e3 else f"{three(ns / 1e3)} us" if ns < 1e6 else f"{three(ns / 1e6)} ms"


def wall_ms(command, **more):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    return 1000 * (time.monotonic() - began)


def warm_up():
    """A processor that was idle may take seconds to come to its speed."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        pass


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


ROUNDS = 3


def measure_all(epsim):
    """The best of some rounds: a shared machine's speed may change by half from one second to the next. Of what is a
    ratio by itself, which has no best, the round in the middle."""
    rounds = [json.loads(subprocess.run([epsim, "bench", "--json"], check=True, stdout=subprocess.PIPE).stdout)
              for _ in range(ROUNDS)]
    data = rounds[0]
    for i, result in enumerate(data["results"]):
        found = sorted((r["results"][i] for r in rounds if "median" in r["results"][i]), key=lambda r: r["median"])
        if found:
            place = {"1/s": -1, "MB/s": -1, "ms": 0, "bytes": 0}.get(result["unit"], len(found) // 2)
            data["results"][i] = found[place]
    return data


def measure_month(epsim, table):
    """Process start to end, without and with the full recorder; pod events as the summary counts them."""
    with tempfile.TemporaryDirectory() as scratch:
        scenario = os.path.join(scratch, "month.yaml")
        importing = [epsim, "import", "csv", table, "--service", "app_name", "--pod", "instance_sn", "--create",
                     "creation_time", "--delete", "deletion_time", "-o", scenario, "-q"]
        subprocess.run(importing, check=True)
        with open(table, encoding="utf-8") as rows:
            next(rows)
            events = sum(bool(cell) for row in rows for cell in row.rstrip("\n").split(",")[-2:])
        warm_up()
        without, recorded = [], []
        for _ in range(7):
            without.append(wall_ms([epsim, "run", "-q", scenario]))
            recorded.append(wall_ms([epsim, "run", "-q", scenario, "--replace", "-o", os.path.join(scratch, "m.db")]))
    return {"events": events, "without": spread(without), "recorded": spread(recorded)}


def measure_cimba(epsim, program):
    """By turns, in processor time, so that what else runs here counts little; and ours a whole process too."""
    def user_ms(command):
        pid = os.fork()
        if pid == 0:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.execv(command[0], command)
        usage = os.wait4(pid, 0)[2]
        return 1000 * (usage.ru_utime + usage.ru_stime)
    warm_up()
    theirs, ours = [], []
    for _ in range(25):
        theirs.append(user_ms([program]))
        ours.append(user_ms([epsim, "bench", "kernel/mm1", "--repeat", "1", "--warm-up", "0", "-q"]))
    return {"cimba": spread(theirs), "epsim": spread(ours)}


# --- the page ------------------------------------------------------------------------------------------------------

def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def result_table(results, benchmark):
    rows = []
    for r in results:
        if r["benchmark"] != benchmark or "median" not in r:
            continue
        span = "" if r["repeats"] == 1 else f"{three(r['min'])} to {three(r['max'])}"
        rows.append([f"`{r['case']}`", three(r["median"]) + UNITS[r["unit"]], each(r["median"]) if r["unit"] == "1/s" else "",
                     span, r["counts"], r["work"]])
    return table(["case", "median", "one takes", "least to greatest", "counted", "work of a repeat"], rows)


def goal_table(data):
    by = {r["benchmark"] + "/" + r["case"]: r for r in data["results"] if "median" in r}
    median = lambda name: by[name]["median"]
    kinds = ("ready", "replace", "relabel")
    rows = []

    def row(what, got, goal):
        rows.append([what, got, goal])

    row("a pod event at 1,000,000 endpoints against 1,000",
        ", ".join(f"{k} {three(median('pod-events/1k/' + k) / median('pod-events/1M/' + k))} x" for k in kinds),
        "at most 2.5 x")
    row("pod events a second, 1,000 endpoints",
        ", ".join(f"{k} {three(median('pod-events/1k/' + k))}" for k in kinds), "1,000,000")
    row("the same from the scenario file's events on",
        ", ".join(f"{k} {three(median('pipeline/' + k))}" for k in kinds + ("replay",)), "")
    month = data.get("month")
    if month:
        rate = month["events"] / month["without"]["median"] * 1000
        row("the month, process start to end, no recorder",
            f"{three(month['without']['median'])} ms: {three(rate)} pod events/s", "160,000 pod events/s")
        row("the month, full recorder", f"adds {three(month['recorded']['median'] - month['without']['median'])} ms", "")
    else:
        row("the month", "not measured here", "160,000 pod events/s")
    row("full recorder beside SQLite alone, the same rows", f"{three(median('recorder/ratio'))} x", "at most 1.5 x, and 30 ms")
    kernel = f"{three(median('kernel/mm1'))} ms"
    if data.get("cimba"):
        c = data["cimba"]
        ratio = {k: c["epsim"][k] / c["cimba"][k] for k in ("min", "median")}
        kernel = (f"{three(c['epsim']['min'])} ms of processor time at best, Cimba {three(c['cimba']['min'])} ms: "
                  f"{ratio['min']:.2f}; by medians {ratio['median']:.2f}")
    row("M/M/1, 1,000,000 customers", kernel, "half of Cimba's")
    row("hold model, 1, 1,000, 1,000,000 pending", ", ".join(each(median("kernel/hold/" + n)) for n in ("1", "1k", "1M")),
        "flat but for cache misses")
    row("memory, 1,000,000 live pods", f"{three(median('memory/1M/bytes'))} B a pod", "at most 256 B")
    for kind in ("one", "all"):
        row(f"a pod event among 1, 1,000, 100,000 Services: of {'one of them' if kind == 'one' else 'any'}",
            ", ".join(each(median(f"services/{n}/{kind}")) for n in ("1", "1k", "100k")), "flat")
    row("a pod event to 1, 100, 5,000 proxies, 10,000 slices",
        ", ".join(each(median("watchers/" + n)) for n in ("1", "100", "5k")), "flat")
    row("reading a table (`import csv`)", f"{three(median('parse/csv'))} MB/s", "50 MB/s")
    row("reading 100,000 lines of manifests", f"{three(median('parse/manifest'))} MB/s, "
        f"{three(median('parse/share'))} % of reading and running them", "at most 33 %")
    row("`epsim run` of the smallest scenario", f"{three(median('start/smallest'))} ms", "under 10 ms")
    row("100 replications, two workers against one", f"{three(median('replications/gain'))} x", "1.9 x")
    return table(["what", "measured", "goal"], rows)


def rewrite(data):
    with open(PAGE, encoding="utf-8") as page:
        text = page.read()
    parts = {"machine": f"{data['cpu']}, {data['cores']} cores; epsim {data['epsim']}, {data['compiler']}. The load average was "
                        f"{data['load']:.1f} when it began.",
             "goals": goal_table(data)}
    for name in {r["benchmark"] for r in data["results"]}:
        parts[name] = result_table(data["results"], name)
    for name, part in parts.items():
        pattern = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n).*?(<!-- end -->)", re.S)
        text = pattern.sub(lambda m, part=part: m.group(1) + part + "\n" + m.group(2), text)
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(text)


def draw(data):
    sizes = {"10": 10, "1k": 1000, "10k": 10000, "100k": 100000, "1M": 1000000, "1": 1, "100": 100, "5k": 5000}
    with tempfile.TemporaryDirectory() as scratch:
        points = []
        for r in data["results"]:
            parts = r["case"].split("/")
            size = next((sizes[p] for p in parts if p in sizes), None)
            if r["unit"] == "1/s" and "median" in r and size is not None:
                kind = "/".join([r["benchmark"]] + [p for p in parts if p not in sizes])
                points.append((kind, size) + tuple(1e9 / r[k] for k in ("median", "max", "min")))
        with open(os.path.join(scratch, "bench.tsv"), "w", encoding="utf-8") as out:
            for point in sorted(points):
                out.write("\t".join(map(str, point)) + "\n")
        subprocess.run(["gnuplot", "-e", f"data='{scratch}/bench.tsv'; folder='{TOP}/docs/images'",
                        os.path.join(TOP, "analysis", "performance.gp")], check=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("epsim")
    parser.add_argument("--from", dest="kept")
    parser.add_argument("--month")
    parser.add_argument("--cimba")
    arguments = parser.parse_args()
    epsim = os.path.abspath(arguments.epsim)
    load = os.getloadavg()[0]
    if arguments.kept:
        with open(arguments.kept, encoding="utf-8") as kept:
            data = json.load(kept)
    else:
        data = measure_all(epsim)
        data["load"] = load
    if arguments.month:
        data["month"] = measure_month(epsim, arguments.month)
    if arguments.cimba:
        data["cimba"] = measure_cimba(epsim, arguments.cimba)
    with open(KEPT, "w", encoding="utf-8") as kept:
        results = ",\n".join("    " + json.dumps(r) for r in data["results"])
        head = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in data.items() if k != "results")
        kept.write("{\n" + head + ",\n  \"results\": [\n" + results + "\n  ]\n}\n")
    rewrite(data)
    draw(data)
    print(goal_table(data))


if __name__ == "__main__":
    sys.exit(main())
