# check: a line for each expected value, a count, and the worst of all exit codes.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

run 0 "$EPSIM" check web.yaml
same "$err" ""
has "$out" "SUCCESS web.yaml:29 at 5s service web: slices 3"
has "$out" "SUCCESS web.yaml:29 at 5s service web: ep_truncated false"
has "$out" "1 scenario, 5 expected values: 5 succeeded, 0 failed"

sed 's/slices: 4, ready: 20/slices: 3, ready: ">= 21"/; s/slices: 3, ready: 15/slices: 3..4, ready: "<= 15"/' web.yaml >wrong.yaml
run 1 "$EPSIM" check wrong.yaml
has "$out" "FAILED wrong.yaml:30 at 15s service web: slices: expected 3, got 4"
has "$out" "FAILED wrong.yaml:30 at 15s service web: ready: expected >= 21, got 20"
has "$out" "SUCCESS wrong.yaml:29 at 5s service web: slices 3 to 4, got 3"
has "$out" "SUCCESS wrong.yaml:29 at 5s service web: ready <= 15, got 15"
has "$out" "3 succeeded, 2 failed"
run 1 "$EPSIM" check -q wrong.yaml
has_not "$out" "SUCCESS"
has "$out" "2 failed"

# Each file is a scenario; the worst exit code wins, and the others are checked all the same.
run 1 "$EPSIM" check wrong.yaml web.yaml
has "$out" "2 scenarios, 10 expected values: 8 succeeded, 2 failed"
echo "kind: Scenari" >bad.yaml
run 2 "$EPSIM" check bad.yaml wrong.yaml web.yaml
has "$err" "bad.yaml:1:"
has "$out" "2 scenarios, 10 expected values: 8 succeeded, 2 failed; 1 not read: bad input"

# Or all files are one.
awk 'BEGIN { RS = "---\n" } { print > ("part" NR ".yaml") }' web.yaml
run 0 "$EPSIM" check --together part1.yaml part2.yaml part3.yaml
has "$out" "1 scenario, 5 expected values: 5 succeeded, 0 failed"
run 0 "$EPSIM" check - <web.yaml
has "$out" "5 succeeded"
run 1 "$EPSIM" check --set controllers.maxEndpointsPerSlice=15 web.yaml
has "$out" "slices: expected 3, got 1"

# What is accepted and ignored.
run 0 "$EPSIM" check -q -v web.yaml
has "$err" "nothing was ignored"
sed 's/replicas: 15/replicas: 15\n  revisionHistoryLimit: 3/' web.yaml >ignored.yaml
run 0 "$EPSIM" check -v ignored.yaml
has "$err" "revisionHistoryLimit"

# The library of scenarios keeps its promises.
run 0 "$EPSIM" check -q "$top"/scenarios/*.yaml
has "$out" " 0 failed"
finish
