# verify: recordings of the real controllers pass, each kind of fault in them is found, answers look at nothing that is
# wanted, and what is no recording is told with its place.
. "$(dirname "$0")/assert.sh"
golden=$top/tests/conformance/golden
cluster=$top/tests/conformance/cluster

# What there is passes. (All of the rest: tests/conformance/engine_recordings_test.c.)
run 0 "$EPSIM" verify "$golden/steps-curated.ndjson.gz" "$cluster"/*.gz
same "$err" ""
same "$out" "$(printf '%-32s%s\n' 'syncs of endpoints' '31 passed, 0 failed' \
    'syncs of endpointslice' '66 passed, 0 failed' 'syncs of endpointslicemirroring' '4 passed, 0 failed' \
    'encoded objects' '482 passed, 0 failed' 'not recorded in full' '42 objects passed over' \
    all '583 passed, 0 failed')"
gzip -dc "$golden/steps-curated.ndjson.gz" | awk 'length < 20000' >steps.ndjson # the short ones: 76
gzip -dc "$cluster/single.ndjson.gz" >single.ndjson
gzip -dc "$golden/sequences.ndjson.gz" | head -n 31 >history.ndjson
run 0 "$EPSIM" verify --runs 16 history.ndjson
has "$out" "histories: endpoints, requests  60 passed, 0 failed"
has "$out" "histories: slices               60 passed, 0 failed"
has "$out" "over 60 of 16 runs; judged from 64 on"
run 0 "$EPSIM" verify --runs 1 --choices fixed history.ndjson
has_not "$out" "histories: slices"

# Plain, compressed, through a pipe, several; -v names each case.
run 0 "$EPSIM" verify -v steps.ndjson
same "$(printf '%s\n' "$out" | grep -c '^PASS steps.ndjson:')" 76
has "$out" "PASS steps.ndjson:1 "
run 0 "$EPSIM" verify - <steps.ndjson
has "$out" "76 passed, 0 failed"
run 0 "$EPSIM" verify --quiet steps.ndjson single.ndjson
has "$out" "encoded objects "

# Faults. Each is one change of one recording, and must be found and told.
cat >fault.py <<'PYTHON'
"""fault.py RECORDING NAME: the recording with one fault of that name, in the first line where it can be made."""
import json
import sys


def writes(line, kind, verb=None):
    return [w for w in line.get("want", {}).get("writes") or []
            if "object" in w and w["object"]["kind"] == kind and verb in (None, w["verb"])]


def subset(line):
    for w in writes(line, "Endpoints"):
        if w["object"].get("subsets"):
            return w["object"]["subsets"][0]


def endpoint(line):
    for w in writes(line, "EndpointSlice"):
        if w["object"]["endpoints"]:
            return w["object"]["endpoints"][0]


def set_in(thing, name, value):
    if thing is None or name not in thing or thing[name] == value:
        return False
    thing[name] = value
    return True


def first(things):
    return things[0] if things else None


def drop_write(line):
    return bool(line.get("want", {}).get("writes")) and line["want"]["writes"].pop() is not None


def want_of(line):  # a history's first Service
    return next(iter(line["want"].values())) if "watch" in line and line["want"] else None


def cluster_write(line):
    return first([w for w in line.get("writes") or [] if not w.get("elided")])


def add(thing, name):
    return set_in(thing, name, thing[name] + 1) if thing and isinstance(thing.get(name), int) else False


FAULTS = {
    "ip": lambda l: set_in(first((subset(l) or {}).get("addresses")), "ip", "9.9.9.9"),
    "port": lambda l: set_in(first((subset(l) or {}).get("ports")), "port", 9),
    "protobuf": lambda l: add(first(writes(l, "Endpoints")), "protobuf"),
    "slice-json": lambda l: add(first(writes(l, "EndpointSlice", "update")), "json"),
    "ready": lambda l: set_in((endpoint(l) or {}).get("conditions"), "ready", False),
    "zone": lambda l: set_in(endpoint(l), "zone", "elsewhere"),
    "label": lambda l: set_in((first(writes(l, "EndpointSlice")) or {"object": {"metadata": {}}})["object"]["metadata"]
                              .get("labels"), "kubernetes.io/service-name", "other"),
    "trigger": lambda l: set_in((first(writes(l, "Endpoints")) or {"object": {"metadata": {}}})["object"]["metadata"]
                                .get("annotations"), "endpoints.kubernetes.io/last-change-trigger-time", "2020-01-01T00:00:00Z"),
    "request": drop_write,
    "error": lambda l: "want" in l and "case" in l and not l["want"].update(error=True),
    "event": lambda l: bool((l.get("want") or {}).get("events")) and l["want"]["events"].pop() is not None,
    "version": lambda l: bool(writes(l, "Endpoints")) and set_in(l["server"], "resourceVersion", "999999"),
    "history-object": lambda l: set_in(((want_of(l) or {}).get("endpoints") or {}).get("metadata"), "name", "other"),
    "history-bytes": lambda l: add(want_of(l), "endpointsProtobuf"),
    "history-requests": lambda l: set_in((want_of(l) or {}).get("requests"), "endpoints",
                                         "syncs=9 create=0 update=0 noop=0 delete=0"),
    "history-mirroring": lambda l: set_in((want_of(l) or {}).get("requests"), "endpointslicemirroring",
                                          "syncs=9 create=0 update=0 noop=0 delete=0"),
    "history-slices": lambda l: set_in(want_of(l), "slices", {"something else": 64}),
    "sha256": lambda l: set_in(cluster_write(l), "object_sha256", "0" * 64),
    "manager": lambda l: set_in(first((cluster_write(l) or {"object": {"metadata": {}}})["object"]["metadata"]
                                      .get("managedFields")), "manager", "kube-controller-manageR"),
    "fields": lambda l: bool(cluster_write(l)) and not cluster_write(l)["object"]["metadata"]["managedFields"][0]["fieldsV1"]
                                                      .update({"f:more": {}}),
    "unknown": lambda l: bool(cluster_write(l)) and not cluster_write(l)["object"]["metadata"].update(color="red"),
}
for name in ("object_bytes", "enveloped_bytes", "frame_bytes", "json_bytes", "json_frame_bytes"):
    FAULTS[name] = lambda l, name=name: add(cluster_write(l), name)

made = False
for text in open(sys.argv[1], encoding="utf-8"):
    line = json.loads(text)
    made = made or bool(FAULTS[sys.argv[2]](line))
    print(json.dumps(line, separators=(",", ":"), ensure_ascii=False))
sys.exit(0 if made else 3)
PYTHON
# fault FILE NAME TEXT: found, told with TEXT, nothing else fails.
fault() {
    run 0 python3 fault.py "$1" "$2"
    cp "$work/.out" fault.ndjson
    run 1 "$EPSIM" verify --runs 16 fault.ndjson
    has "$out" "FAIL fault.ndjson:"
    same "$(printf '%s\n' "$out" | grep -c '^FAIL ')" 1
    has "$out" "$3"
    has "$out" ", 1 failed"
}
fault steps.ndjson ip '.subsets[0].addresses[0].ip: expected "9.9.9.9", got "10.'
fault steps.ndjson port '.subsets[0].ports[0].port: expected 9, got '
fault steps.ndjson protobuf 'protobuf bytes: expected '
fault steps.ndjson slice-json 'json bytes: expected '
fault steps.ndjson ready '.conditions.ready: expected false, got true'
fault steps.ndjson zone '.zone: expected "elsewhere", got "zone-'
fault steps.ndjson label 'metadata: missing '
fault steps.ndjson trigger 'last-change-trigger-time"]: expected "2020-01-01T00:00:00Z", got "2026-'
fault steps.ndjson request 'requests: unexpected '
fault steps.ndjson error 'the sync: expected an error, got none'
fault steps.ndjson event 'events: unexpected '
fault steps.ndjson version '.metadata.resourceVersion: expected "1'
fault history.ndjson history-object '.metadata.name: expected "other", got '
fault history.ndjson history-bytes 'Endpoints in protobuf: expected '
fault history.ndjson history-requests 'requests of endpoints:'
fault history.ndjson history-mirroring 'requests of endpointslicemirroring:'
fault history.ndjson history-slices 'the histograms are 1.00 apart'
for name in object_bytes enveloped_bytes frame_bytes json_bytes json_frame_bytes; do
    fault single.ndjson "$name" ".$name: expected "
done
fault single.ndjson sha256 ".object_sha256: expected 0000"
fault single.ndjson manager ".object_sha256: expected "
fault single.ndjson fields ".object_bytes: expected "
fault single.ndjson unknown '.metadata.color: expected "red", got nothing'
run 1 "$EPSIM" verify --quiet --runs 16 fault.ndjson
has_not "$out" FAIL

# Answers: one a case, exit code 0 whatever is wanted, and nothing wanted is looked at.
run 0 "$EPSIM" verify --print steps.ndjson
same "$(printf '%s\n' "$out" | wc -l)" 76
same "$(printf '%s\n' "$out" | head -n 1 | cut -c 1-86)" \
    '{"case":"two-port-groups.0.mysvc/endpoints","error":false,"events":[],"writes":[{"verb'
cp "$work/.out" answers.ndjson
python3 -c '
import json
for text in open("steps.ndjson", encoding="utf-8"):
    line = json.loads(text)
    line["want"] = {"error": True, "writes": None}
    print(json.dumps(line, separators=(",", ":"), ensure_ascii=False))' >blind.ndjson
run 0 "$EPSIM" verify --print blind.ndjson
cp "$work/.out" blind-answers.ndjson
run 0 cmp blind-answers.ndjson answers.ndjson
run 0 "$EPSIM" verify --print single.ndjson
same "$(printf '%s\n' "$out" | head -n 1 | cut -c 1-46)" '{"scenario":"single","step":2,"write":0,"objec'
run 0 "$EPSIM" verify --print --runs 2 history.ndjson
same "$(printf '%s\n' "$out" | wc -l)" 120
has "$out" '{"sequence":"sequence-1","step":0,"service":"api","run":1,"endpoints":{"kind":"Endpoints",'

# The judge that knows nothing of epsim, where it is at hand.
judge=$top/../shared/golden/check.py
if [ -e "$judge" ]; then
    run 0 python3 "$judge" steps.ndjson answers.ndjson
    has "$out" "76 passed, 0 failed"
    for file in "$cluster"/*.gz; do
        "$EPSIM" verify --print "$file" >answers.ndjson
        run 0 python3 "$judge" "$file" answers.ndjson
        has "$out" " 0 failed"
    done
else
    echo "skipped: answers before an independent judge ($judge is not here)"
fi

# What is no recording.
run 2 "$EPSIM" verify
has "$err" "no FILE given"
run 2 "$EPSIM" verify --runs 0 steps.ndjson
has "$err" "--runs 0: expected a number from 1 to 100,000"
run 2 "$EPSIM" verify -q -v steps.ndjson
run 2 "$EPSIM" verify --print -q steps.ndjson
run 2 "$EPSIM" verify nothere.ndjson
same "$err" "nothere.ndjson: error: No such file or directory"
: >empty
run 2 "$EPSIM" verify empty
has "$err" "empty: error: the file is empty"
"$EPSIM" help example >web.yaml
run 2 "$EPSIM" verify web.yaml steps.ndjson
has "$err" "web.yaml:1:1: error: "
has "$out" "76 passed, 0 failed"
head -c 5000 "$golden/steps-curated.ndjson.gz" >cut.gz
run 2 "$EPSIM" verify cut.gz
has "$err" "the file ends in the middle of its compressed data"
{
    head -n 2 steps.ndjson
    echo '{"case":"x","controller":"kubelet"}'
    echo '{"case":'
    echo '[1]'
    sed -n 3p steps.ndjson
} >mixed.ndjson
run 2 "$EPSIM" verify mixed.ndjson
has "$err" 'mixed.ndjson:3:1: error: "controller" is "kubelet"; expected endpoints, endpointslice or '
has "$err" "mixed.ndjson:4:"
has "$err" "mixed.ndjson:5:1: error: this is no object"
has "$out" "3 passed, 0 failed"
finish
