# plot: every kind and format, from an installed place too, and what is told when it cannot be drawn.
command -v gnuplot >/dev/null || {
    echo "gnuplot is not here"
    exit 77
}
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
"$EPSIM" run -q web.yaml -o web.db

for kind in overview endpoints slices fill churn bytes; do
    run 0 "$EPSIM" plot web.db --kind "$kind"
    has "$out" "default/web"
    same "$err" ""
done
run 0 "$EPSIM" plot web.db --kind slices -o slices.svg
same "$out$err" ""
has "$(cat slices.svg)" "<svg"
run 0 "$EPSIM" plot web.db --kind slices -o slices.png --width 400 --height 400
same "$(head -c 4 slices.png | tail -c 3)" "PNG"
run 0 "$EPSIM" plot web.db --kind slices -o slices.pdf
same "$(head -c 4 slices.pdf)" "%PDF"
run 0 "$EPSIM" plot web.db --kind slices -o slices.txt
has "$(cat slices.txt)" "default/web"
run 0 "$EPSIM" plot web.db --kind slices -o - --format svg
has "$out" "<svg"
run 0 "$EPSIM" plot web.db --all -o pictures
same "$(ls pictures)" "$(printf '%s.svg\n' bytes churn endpoints fill overview slices)"
run 0 "$EPSIM" plot web.db --all -o pictures --format txt
run 0 "$EPSIM" plot web.db --service web -k slices --run-id 1
run 0 "$EPSIM" plot web.db --service default/web -k slices
run 0 "$EPSIM" plot web.db --service '*' -k slices

run 2 "$EPSIM" plot web.db -o web.yaml
has "$err" "expected a name that ends in .svg, .png, .pdf or .txt"
run 2 "$EPSIM" plot web.db -o slices.png --format svg
has "$err" "do not go together"
# Neither the database nor a file that is no such picture is written over.
cp web.db kept.db
run 2 "$EPSIM" plot web.db -o web.db --format svg
has "$err" "web.db is the database itself"
run 2 "$EPSIM" plot kept.db -o web.db --format txt
has "$err" "web.db exists and is no picture that was drawn as txt"
same "$(cksum <web.db)" "$(cksum <kept.db)"
cp web.yaml kept.yaml
for format in svg png pdf txt; do
    run 2 "$EPSIM" plot web.db -o web.yaml --format "$format"
    has "$err" "web.yaml exists and is no picture that was drawn as $format"
    run 0 "$EPSIM" plot web.db -k slices -o "slices.$format"
    : >empty
    run 0 "$EPSIM" plot web.db -k slices -o empty --format "$format"
    rm empty
done
same "$(cksum <web.yaml)" "$(cksum <kept.yaml)"
run 2 "$EPSIM" plot web.db --width 10
has "$err" "--width 10: expected 320 to 10000"
run 2 "$EPSIM" plot web.db --all
has "$err" "--all needs --output, a folder"
run 2 "$EPSIM" plot web.db --all -o web.yaml
has "$err" "--output web.yaml: a folder was expected, it is a file"
run 2 "$EPSIM" plot web.db --all --kind fill -o pictures
has "$err" "exclude each other"
run 2 "$EPSIM" plot web.db web.db
has "$err" "one database at a time"
run 2 "$EPSIM" plot web.db --kind slcies
has "$err" "did you mean 'slices'?"
run 2 "$EPSIM" plot web.db --service nothere
has "$err" "nothere"
run 2 "$EPSIM" plot web.db --run-id 9
has "$err" "run 9"
run 2 "$EPSIM" plot web.yaml
has "$err" "not a database of epsim"
run 1 "$EPSIM" plot web.db --kind slices -o nothere/slices.svg
has "$err" "nothere"
run 1 bash -c '"$1" plot web.db --kind slices >/dev/full' - "$EPSIM"
has "$err" "No space left"

# A damaged database is told as such, and its bytes do not reach the terminal.
cp web.db damaged.db
LC_ALL=C sed -i 's/run_id /run\x1b\xff\x02 /' damaged.db
run 2 "$EPSIM" plot damaged.db --kind slices -o damaged.svg
has "$err" "damaged.db: the database is damaged"
has_not "$err" "$(printf '\033')"
has_not "$err" "$(printf '\377')"
missing damaged.svg
# The schema still reads, but a view asks for a column of raw bytes, which SQLite quotes.
cp web.db renamed.db
LC_ALL=C sed -i 's/t\.ready/t.r\xff\xfedy/g' renamed.db
run 2 "$EPSIM" plot renamed.db --kind slices -o damaged.svg
has "$err" "renamed.db: the database is damaged"
has_not "$err" "$(printf '\377')"
missing damaged.svg

# The scripts lie beside the program, wherever that is; it may be called by a link.
mkdir -p prefix/bin elsewhere
cp "$EPSIM" prefix/bin/epsim
run 1 prefix/bin/epsim plot web.db --kind slices
has "$err" "share/epsim"
cp -r "$(dirname "$EPSIM")/../share" prefix/share
run 0 prefix/bin/epsim plot web.db --kind slices
ln -s ../prefix/bin/epsim elsewhere/link
run 0 elsewhere/link plot web.db --kind slices

# Without gnuplot it is told what is missing.
mkdir empty
run 1 env PATH="$work/empty" "$EPSIM" plot web.db --kind slices
has "$err" "gnuplot"
finish
