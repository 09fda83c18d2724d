# Databases that cannot be read, verb by verb: bad input is exit code 2, with the file's name and a reason, and
# without output; and the file stays as it was, whatever it is. What SQLite cannot see, a changed byte within a
# row, is not told here either: it has no checksums.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example >web.yaml
"$EPSIM" help example-sweep >sizes.yaml
"$EPSIM" run -q web.yaml -o good.db
"$EPSIM" sweep run -q sizes.yaml -j 1
"$EPSIM" sweep merge -q sizes.runs -o all.db
part=$(cd sizes.runs && echo runs-*.db)
mkdir out

# Every verb that reads a database, as a command with FILE for its name. `sweep` reads it as a part of a sweep.
verbs=(
    "run -q web.yaml --append -o FILE"
    "run -q web.yaml --replace -o FILE"
    "get pods FILE"
    "plot FILE --kind slices -o out/picture.svg"
    "plot FILE --kind sweep -o out/picture.svg"
    "compare FILE"
    "compare good.db FILE --export-json out/compared.json"
    "compare --exact FILE good.db"
    "compare --exact good.db FILE"
    "report FILE -o out/page.html"
    "sweep status sizes.runs"
    "sweep merge -q sizes.runs -o out/merged.db"
)

# verb COMMAND FILE: the command's words in `words`; a part of a sweep is the file under a part's name.
verb() {
    words=()
    local word
    for word in $1; do
        [ "$word" = FILE ] && word=$2
        words+=("$word")
    done
    case $1 in sweep*)
        rm -rf "sizes.runs/$part"
        cp -rp "$2" "sizes.runs/$part"
        ;;
    esac
}

# sum FILE: what it is, and what stands in it.
sum() { stat -c '%F %s %a' "$1" && { [ ! -f "$1" ] || cksum <"$1"; }; }

# refused FILE WORDS [VERB-THAT-MAY...]: every verb refuses it, with WORDS, but those whose command starts so.
refused() {
    local file=$1 words_wanted=$2 before command allowed
    shift 2
    before=$(sum "$file")
    for command in "${verbs[@]}"; do
        for allowed in "$@"; do
            case $command in "$allowed"*) continue 2 ;; esac
        done
        verb "$command" "$file"
        run 2 "$EPSIM" "${words[@]}"
        case $command in sweep*) has "$err" "$part" ;; *) has "$err" "$file" ;; esac
        has "$err" "$words_wanted"
        same "$out" ""
        same "$(ls out)" ""
        same "$(sum "$file")" "$before"
    done
}

size=$(stat -c %s good.db)
head -c 5000 good.db >short.db
head -c $((size - 4096)) good.db >shorter.db
head -c 50 good.db >header.db
cp good.db zeros.db
dd if=/dev/zero of=zeros.db bs=4096 seek=1 count=$((size / 4096 - 1)) conv=notrunc status=none
cp good.db garbage.db
for ((at = 4096; at < size; at += 4096)); do
    printf '\377\001\002garbage' | dd of=garbage.db bs=1 seek="$at" conv=notrunc status=none
done
cp good.db schema.db
LC_ALL=C sed -i 's/CREATE TABLE runs/CREATE TABEL runs/' schema.db
cp good.db version.db
printf '\000\000\000\011' | dd of=version.db bs=1 seek=60 conv=notrunc status=none
cp good.db foreign.db
printf '\000\000\000\000' | dd of=foreign.db bs=1 seek=68 conv=notrunc status=none
: >empty.db
mkdir folder.db
echo "no database" >text.db

# --replace asks whether the file is ours, not whether it is whole: it may be put in the place of a damaged one.
for file in short shorter zeros garbage schema; do
    refused "$file.db" "is damaged" "run -q web.yaml --replace"
done
refused version.db "schema version 9; this epsim has version" "run -q web.yaml --replace"
refused foreign.db "not a database of epsim: it belongs to another program"
refused header.db "not a database of epsim"
# Neither verb of `run` has anything to lose of an empty file; `get` takes it, and a text, for a scenario.
refused empty.db "not a database of epsim: the file is empty" run get
refused text.db "not a database of epsim" get
refused folder.db "is a folder" get
for file in empty.db text.db folder.db; do
    run 2 "$EPSIM" get pods "$file"
    has "$err" "$file"
done
rm -rf "sizes.runs/$part"

# One page at a time: who needs it refuses, and who does not gives what it gave before.
for ((page = 0; page < size / 4096; page++)); do
    cp good.db page.db
    dd if=/dev/zero of=page.db bs=4096 seek="$page" count=1 conv=notrunc status=none
    for command in "get pods" compare; do
        code=0
        # shellcheck disable=SC2086 # a command's words
        "$EPSIM" $command page.db >got 2>told || code=$?
        # shellcheck disable=SC2086
        [ "$code" -eq 2 ] || "$EPSIM" $command good.db | sed 's/good\.db/page.db/g' | cmp -s - got ||
            fail "$command, page $page: exit code $code: $(cat told)"
        checks=$((checks + 1))
    done
done

# No permission. Root may read everything: it tries as somebody else, with a program that everybody may start.
nobody=("$EPSIM")
if [ "$(id -u)" -eq 0 ]; then
    mkdir -p program/bin
    cp "$EPSIM" program/bin/epsim
    cp -r "$(dirname "$EPSIM")/../share" program/share
    chmod -R a+rX . && chmod a+rwx . out
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups program/bin/epsim)
fi
cp good.db closed.db
chmod 0 closed.db
for command in "${verbs[@]}"; do
    case $command in sweep*) continue ;; esac
    verb "$command" closed.db
    run 2 "${nobody[@]}" "${words[@]}"
    has "$err" "closed.db: Permission denied"
    same "$(ls out)" ""
done
chmod 600 closed.db
same "$(cksum <closed.db)" "$(cksum <good.db)"

# A file that another process holds for longer than one waits: all of them at once, as each waits for seconds.
if command -v sqlite3 >/dev/null; then
    cp good.db held.db
    mkfifo orders
    sqlite3 held.db <orders >held 2>&1 &
    holder=$!
    exec 3>orders
    printf '.print\nBEGIN EXCLUSIVE;\n.print held\n' >&3
    for _ in $(seq 100); do
        grep -q held held && break
        sleep 0.05
    done
    waiting=()
    for command in "${verbs[@]}"; do
        case $command in sweep*) continue ;; esac
        verb "$command" held.db
        "$EPSIM" "${words[@]}" >"held.${#waiting[@]}.out" 2>"held.${#waiting[@]}.err" 3>&- &
        waiting+=($!)
    done
    for i in "${!waiting[@]}"; do
        code=0
        wait "${waiting[$i]}" || code=$?
        same "${verbs[$i]}: $code" "${verbs[$i]}: 2"
        has "$(cat "held.$i.err")" "held.db: the database is locked"
        same "$(cat "held.$i.out")$(ls out)" ""
    done
    exec 3>&-
    wait "$holder"
    same "$(cksum <held.db)" "$(cksum <good.db)"
fi

# A run that was killed in the middle of a commit: who reads next restores what was there, and counts what is whole.
cp good.db killed.db
long_scenario >long.yaml
"$EPSIM" run -q long.yaml --append -o killed.db 2>/dev/null &
process=$!
for _ in $(seq 200); do # more than a row of it is on the disk
    [ "$(stat -c %s killed.db)" -gt $((size + 200000)) ] && break
    sleep 0.05
done
kill -KILL "$process"
wait "$process" 2>/dev/null
cp killed.db reader.db
[ ! -e killed.db-journal ] || cp killed.db-journal reader.db-journal
run 0 "$EPSIM" compare reader.db
has "$err" "1 run is not complete"
missing reader.db-journal
run 0 "$EPSIM" get pods reader.db --run-id 1
run 0 "$EPSIM" run -q web.yaml --append -o killed.db
missing killed.db-journal
run 0 "$EPSIM" compare killed.db
finish
