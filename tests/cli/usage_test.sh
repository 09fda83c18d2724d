# Wrong usage: exit code 2, what is wrong and where help is on standard error, nothing on standard output.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml

# wrong TEXT ARGUMENT...
wrong() {
    local text=$1
    shift
    run 2 "$EPSIM" "$@"
    same "$out" ""
    has "$err" "$text"
}

run 2 "$EPSIM"
same "$out" ""
has "$err" "Commands:"

wrong "unknown command 'rum'; did you mean 'run'?" rum
wrong "Try 'epsim --help'." rum
wrong "unknown command 'zzzzzz'" zzzzzz
wrong "unknown option '--versoin'; did you mean '--version'?" --versoin
wrong "unknown command 'cvs'; did you mean 'csv'?" import cvs

wrong "epsim run: error: no scenario file given" run
wrong "Try 'epsim run --help'." run
wrong "unknown option '--ouput'; did you mean '--output'?" run --ouput x web.yaml
wrong "unknown option '-x'" run -x web.yaml
wrong "option '--seed' needs a value: N" run web.yaml --seed
wrong "option '--format' needs a value: table, json or csv" run web.yaml --format
wrong "--format jsn: expected table, json or csv; did you mean 'json'?" run web.yaml --format jsn
wrong "--seed -1: expected a number from 0 to 18446744073709551615" run web.yaml --seed -1
wrong "--seed 18446744073709551616: expected a number" run web.yaml --seed 18446744073709551616
wrong "--until 5: expected a duration" run web.yaml --until 5
wrong "option '--quiet' takes no value" run --quiet=yes web.yaml
wrong "--append and --replace exclude each other" run web.yaml -o a.db --append --replace
wrong "--append has no meaning without --output DB" run web.yaml --append
wrong "--record has no meaning without --output DB" run web.yaml --record full
wrong "--output is given twice" run web.yaml -o a.db -o b.db
missing a.db
wrong "'-' (standard input) can be read only once" run - -

wrong "no scenario file given" check
wrong "unknown option '--togehter'; did you mean '--together'?" check --togehter web.yaml

wrong "no KIND and no SOURCE given" get
wrong "no SOURCE given" get pods
wrong "no KIND given" get web.yaml
wrong "'nothere.yaml' is no file" get pods nothere.yaml
wrong "unknown kind 'pdos'; did you mean 'pods'?" get pdos web.yaml
wrong "unknown kind 'ingresses'" get ingresses web.yaml
wrong "--at noon: expected a duration" get pods --at noon web.yaml
wrong "--namespace and --all-namespaces exclude each other" get pods -n a -A web.yaml
wrong "a NAME needs one KIND" get pods,services web web.yaml
wrong "--selector a b: expected labels" get pods -l "a b" web.yaml
wrong "--run-id has a meaning only with a database" get pods --run-id 1 web.yaml

wrong "no database given" plot
wrong "nothere.db" plot nothere.db

# Both spellings of an option, flags together, and the end of options.
run 0 "$EPSIM" run -q --seed=7 web.yaml
run 0 "$EPSIM" get -Aowide nodes web.yaml
has "$out" "CONTAINER-RUNTIME"
cp web.yaml ./-odd.yaml
run 0 "$EPSIM" run -q -- -odd.yaml
finish
