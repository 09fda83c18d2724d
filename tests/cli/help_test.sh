# Help: every command has it, in 80 columns, with exit codes and examples; and every example works as printed.
. "$(dirname "$0")/assert.sh"

commands=("" run check get plot compare report import "import csv" verify bench sweep "sweep plan" "sweep run" "sweep status" "sweep merge" "sweep script" help version)

for command in "${commands[@]}"; do
    # shellcheck disable=SC2086
    run 0 "$EPSIM" $command --help
    same "$err" ""
    has "$out" "Usage: epsim"
    has "$out" "Options:"
    has "$out" "Examples:"
    has "$out" "Exit codes:"
    has "$out" "  2  "
    checks=$((checks + 1))
    [ "$(widest "$out")" -le 80 ] || fail "help of '$command' is $(widest "$out") columns wide"
    long=$out
    # shellcheck disable=SC2086
    run 0 "$EPSIM" help $command
    same "$out" "$long"
    # shellcheck disable=SC2086
    run 0 "$EPSIM" $command -h
    same "$out" "$long"
done

run 0 "$EPSIM" --version
same "$out" "epsim $(head -n 1 "$top/VERSION")"
version=$out
run 0 "$EPSIM" version
same "$out" "$version"

# Each help's examples, in order, in a folder with nothing but the two example files.
mkdir bin
ln -s "$EPSIM" bin/epsim
PATH=$work/bin:$PATH
for command in "${commands[@]}"; do
    case $command in
    plot | report | "") command -v gnuplot >/dev/null || continue ;;
    esac
    rm -rf example
    mkdir example
    cd example || exit 1
    "$EPSIM" help example >web.yaml
    "$EPSIM" help example-csv >pods.csv
    # shellcheck disable=SC2086
    "$EPSIM" help $command | sed -n -e ':more' -e '/^  \$ .*\\$/{N;b more' -e '}' -e 's/\\\n *//g' -e 's/^  \$ //p' >../examples
    checks=$((checks + 1))
    [ -s ../examples ] || fail "no examples for '$command'"
    while IFS= read -r line; do
        run 0 bash -o pipefail -c "$line" </dev/null
    done <../examples
    cd ..
done

# The scenario to start from keeps its own promises.
"$EPSIM" help example >web.yaml
run 0 "$EPSIM" check web.yaml
has "$out" "0 failed"
finish
