# report: pages of many runs and of one: whole, escaped, without a network, the same twice; their commands do it again; and in a
# browser they fit a desk and a phone.
command -v gnuplot >/dev/null && command -v python3 >/dev/null || {
    echo "gnuplot or python3 is not here"
    exit 77
}
. "$(dirname "$0")/assert.sh"
mkdir "it's a <b>"
cat >"it's a <b>/web.yaml" <<'S'
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 30, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
---
apiVersion: epsim.dev/v1
kind: Scenario # <script>alert(1)</script> & "so on"
metadata: {name: report}
spec:
  until: 4m
  pods: {start: 2s, ready: {exponential: {mean: 10s}}, stop: 5s}
  events:
  - {at: 1m, churn: deployment/web, rate: 1/s, for: 2m}
S
for size in 1 5 20 100; do
    for replicas in 10 30; do
        for number in 0 1; do
            "$EPSIM" run -q "it's a <b>/web.yaml" --set "controllers.maxEndpointsPerSlice=$size" --set "deployment/web.replicas=$replicas" \
                --run $number --record series -o many.db --append
        done
    done
done
"$EPSIM" run -q "it's a <b>/web.yaml" -o one.db
"$EPSIM" run -q "it's a <b>/web.yaml" --record summary -o summary.db

# whole FILE: every element is closed, no name stands twice, nothing is fetched, no script is there.
cat >whole.py <<'P'
import sys
from html.parser import HTMLParser
VOID = {"meta", "br", "wbr", "hr", "img"}
class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.used, self.bad, self.count, self.text = [], set(), set(), [], {}, []
    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag == "script":
            self.bad.append("a script")
        for name, value in attributes:
            if name == "id":
                if value in self.ids:
                    self.bad.append(f"{value} twice")
                self.ids.add(value)
            if name.startswith("on") or name in ("src", "href", "xlink:href", "action", "data") and not value.startswith("#"):
                self.bad.append(f"{name}={value}")
            if name == "xlink:href":
                self.used.add(value[1:])
        if tag not in VOID:
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"</{tag}>")
    def handle_data(self, data):
        self.text.append(data)
page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
if page.open or page.bad or not page.used <= page.ids:
    print("bad:", page.open[:5], page.bad[:5], sorted(page.used - page.ids)[:5])
print(*(f"{page.count.get(tag, 0)} {tag}" for tag in sys.argv[2].split(",")), sep=", ")
open("page.txt", "w", encoding="utf-8").write("".join(page.text))
P
run 0 "$EPSIM" report many.db -o many.html
same "$out$err" ""
# Seven figures have values other than 0; then the front and the map; each for wide and narrow pages.
same "$(python3 whole.py many.html figure,svg,table)" "9 figure, 18 svg, 4 table"
text=$(cat page.txt)
has "$text" "16 runs of 8 variants"
has "$text" "1, 5, 20, 100"
has "$text" "Differences from controllers.maxEndpointsPerSlice = 100, all else equal"
has "$text" '<script>alert(1)</script> & "so on"'
run 0 "$EPSIM" report many.db -o again.html
cmp -s many.html again.html || fail "another page for the same database"
run 0 "$EPSIM" report many.db -o -
same "$(printf '%s\n' "$out" | cksum)" "$(cksum <many.html)"

# The commands on the page make the same runs.
mkdir bin
ln -s "$EPSIM" bin/epsim
grep '^epsim run ' page.txt >commands
same "$(wc -l <commands)" 16
PATH=$work/bin:$PATH bash -e commands || fail "a command of the page"
digests() { "$EPSIM" report "$1" -o - | grep -o '<code>[0-9a-f]\{16\}' | sort; }
same "$(digests again.db)" "$(digests many.db)"
same "$(digests again.db | wc -l)" 16

run 0 "$EPSIM" report one.db -o one.html --title 'One & only'
same "$out$err" ""
same "$(python3 whole.py one.html figure,svg,table)" "5 figure, 10 svg, 4 table"
has "$(cat page.txt)" "One & only"
has "$(cat page.txt)" "1 run, simulated by epsim"
run 0 "$EPSIM" report summary.db -o summary.html
same "$(python3 whole.py summary.html figure,svg)" "0 figure, 0 svg"
has "$(cat page.txt)" "and no timeline"
run 0 "$EPSIM" report many.db -o part.html --where replicas=10 --by maxEndpointsPerSlice --baseline 5 -f slices.max --statistic median --confidence 90
same "$(python3 whole.py part.html figure)" "1 figure"
has "$(cat page.txt)" "Differences from controllers.maxEndpointsPerSlice = 5"

run 2 "$EPSIM" report many.db -o many.db
has "$err" "many.db is the database itself"
run 2 "$EPSIM" report many.db -o page.txt
has "$err" "page.txt exists and is no report of epsim"
run 0 "$EPSIM" report one.db -o many.html
run 2 "$EPSIM" report
has "$err" "no database given"
run 2 "$EPSIM" report many.db --by nothing
has "$err" "no run of many.db has a parameter 'nothing'"
run 2 "$EPSIM" report summary.db -f slices
has "$err" "slices.mean needs --record series (or full)"
run 1 "$EPSIM" report one.db -o nothere/one.html
has "$err" "nothere/one.html"
mkdir empty
run 1 env PATH="$work/empty" "$EPSIM" report one.db -o no.html
has "$err" "gnuplot was not found"
missing no.html

# In a real browser: nothing is wider than the page, on a phone the narrow pictures are there and on a desk the wide ones, and a screenshot
# shows something. EPSIM_SCREENSHOTS=DIR keeps the screenshots.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "chromium is not here: the pages were not looked at in a browser"
    [ "$failures" -eq 0 ] && exit 77
    finish
}
"$EPSIM" report many.db -o again.html
browse() { timeout 60 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" --allow-file-access-from-files "$@" 2>/dev/null; }
# measure PAGE WIDTH: its scroll width, wide and narrow pictures that are seen.
measure() {
    cat >frame.html <<H
<body style="margin:0"><iframe src="$1" width="$2" height="800" style="border:0"></iframe><pre id="out"></pre><script>
onload = () => {
    const page = document.querySelector("iframe").contentDocument;
    const seen = (name) => [...page.querySelectorAll(name)].filter((e) => e.offsetParent !== null).length;
    document.getElementById("out").textContent = "measured " + page.documentElement.scrollWidth + " " + seen(".wide") + " " + seen(".narrow");
};
</script>
H
    browse --virtual-time-budget=5000 --dump-dom "file://$work/frame.html" | sed -n 's/.*>measured \([0-9 ]*\)<.*/\1/p'
}
same "$(measure again.html 390)" "390 0 9"
same "$(measure again.html 1280)" "1280 9 0"
same "$(measure one.html 390)" "390 0 5"
same "$(measure one.html 1280)" "1280 5 0"
for page in again one; do
    for width in 500 1280; do
        browse --window-size=$width,3000 --screenshot="$work/$page-$width.png" "file://$work/$page.html"
        same "$(python3 -c "
import struct, sys, zlib
data = open(sys.argv[1], 'rb').read()
width, height = struct.unpack('>II', data[16:24])
packed, at = b'', 8
while at < len(data):
    length, kind = struct.unpack('>I4s', data[at:at + 8])
    packed += data[at + 8:at + 8 + length] if kind == b'IDAT' else b''
    at += 12 + length
# A blank page packs into next to nothing.
print(width, height, len(packed) > 20000)" "$page-$width.png")" "$width 3000 True"
        [ -z "${EPSIM_SCREENSHOTS:-}" ] || cp "$page-$width.png" "$EPSIM_SCREENSHOTS"
    done
done
finish
