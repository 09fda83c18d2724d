# import csv: what is written, what is told, what is refused; and that nothing is left behind.
. "$(dirname "$0")/assert.sh"
"$EPSIM" help example-csv >pods.csv
columns=(--service app --pod instance --create created --delete deleted)

run 0 "$EPSIM" import csv pods.csv "${columns[@]}" -o pods.yaml
same "$out" ""
has "$err" "pods.csv: 5 pods of 2 Services, up to 5m"
has "$err" "3 creations and 2 deletions; 2 there from the start, 3 never deleted"
has "$err" "written: pods.yaml"
run 0 "$EPSIM" run pods.yaml --format csv
has "$out" ",300,default,search,1,1,1,0,0,1,1,0.01"
has "$out" ",300,default,shop,2,2,2,0,0,1,1,0.02"
table=$out

# Refused, and forced.
run 2 "$EPSIM" import csv pods.csv "${columns[@]}" -o pods.yaml
has "$err" "pods.yaml exists; --force writes over it"
run 0 "$EPSIM" import csv pods.csv "${columns[@]}" -o pods.yaml --force -q
same "$err" ""
run 2 "$EPSIM" import csv pods.csv "${columns[@]}" -o pods.csv --force
has "$err" "pods.csv is the input itself"
run 2 "$EPSIM" import csv - "${columns[@]}" -o pods.csv --force <pods.csv
has "$err" "pods.csv is the input itself"
same "$(head -n 1 pods.csv)" "app,instance,created,deleted"
run 2 "$EPSIM" import csv pods.csv "${columns[@]}" -o both.rows --external
has "$err" "the rows would go to both.rows, too"
same "$(find . -name 'both*')" ""

# Pipes, and rows beside the scenario.
run 0 bash -o pipefail -c '"$1" import csv - "${@:2}" <pods.csv | "$1" run - --format csv' - "$EPSIM" "${columns[@]}"
same "$out" "$table"
run 0 "$EPSIM" import csv pods.csv "${columns[@]}" -o beside.yaml --external
same "$(head -n 1 beside.rows)" "service pod create delete"
run 0 "$EPSIM" run beside.yaml --format csv
same "$out" "$table"
# A database keeps the rows too.
run 0 "$EPSIM" run -q beside.yaml -o beside.db
rm beside.rows beside.yaml
run 0 "$EPSIM" get pods -o name beside.db
same "$out" "$(printf 'pod/%s\n' search-b shop-a shop-c)"

# Names that Kubernetes would not take.
printf 'app,instance,created,deleted\n' >names.csv
for i in 1 2 3 4 5; do printf 'My_App,Pod_%s,%s,\n' "$i" "$i" >>names.csv; done
run 0 "$EPSIM" import csv names.csv "${columns[@]}" -o names.yaml
has "$err" "My_App -> my-app"
has "$err" "Pod_3 -> pod-3"
has_not "$err" "Pod_4"
has "$err" "and 2 more (--verbose tells all)"
run 0 "$EPSIM" import csv names.csv "${columns[@]}" -o names.yaml --force --verbose
has "$err" "Pod_5 -> pod-5"
run 0 "$EPSIM" get pods -o name --at 2s names.yaml
same "$out" "$(printf 'pod/pod-1\npod/pod-2')"

# Mistakes: position, exit code 2, and no file.
printf 'app,instance,created,deleted\nweb,web-1,soon,\n' >bad.csv
run 2 "$EPSIM" import csv bad.csv "${columns[@]}" -o bad.yaml --external
has "$err" "bad.csv:2:11: error: not a time in seconds: 'soon'"
missing bad.yaml
missing bad.rows
same "$(find . -name 'bad.*' | sort)" "./bad.csv"
run 2 "$EPSIM" import csv bad.csv --service application --pod instance --create created --delete deleted -o bad.yaml
has "$err" "application"
run 2 "$EPSIM" import csv nothere.csv "${columns[@]}" -o bad.yaml
has "$err" "nothere.csv"
missing bad.yaml
run 2 "$EPSIM" import csv pods.csv --service app --pod instance --create created
has "$err" "--delete is needed"
run 2 "$EPSIM" import csv pods.csv "${columns[@]}" --external
has "$err" "--external needs --output"
run 2 "$EPSIM" import csv
has "$err" "no FILE given"
run 1 bash -c '"$1" import csv pods.csv -q "${@:2}" >/dev/full' - "$EPSIM" "${columns[@]}"
has "$err" "No space left"
finish
