# pareto.gp: a figure against another. Less is better in both; a line joins the variants that none of its line beats in both, the default number
# of endpoints a slice has a ring.
#
# Variables beside those of many.gp: `lines` (values of the second parameter), `has_legend`, `has` (a digit for each line, 1: it has points), `marked` (points of the default), `default_number`, `log_x`, `log_y`.
# front-LINE.tsv: x, y of the points on it. panels.tsv: titles of the axes. points.tsv, by x: x, interval, y, interval, line, whether it is on the front, is the default, label. front.tsv: x, y of those.
kind = 'pareto'; scripts = ARG0[1:strlen(ARG0)-strlen('pareto.gp')]
pareto_log_x = log_x; log_x = 0
load scripts.'many.gp'

array AXIS[2]
set table $none
plot TABLE('panels') using (AXIS[int($1)] = strcol(2), 0):(0) with table
unset table
stats TABLE('points') using 2 nooutput
x_low = STATS_min
stats TABLE('points') using 3 nooutput
x_high = STATS_max
stats TABLE('points') using 5 nooutput
y_low = STATS_min
stats TABLE('points') using 6 nooutput
y_high = STATS_max

longest = 1
do for [i = 1:series_count] { longest = strlen(SERIES_LABEL[i]) > longest ? strlen(SERIES_LABEL[i]) : longest }
# What line and ring mean stands in the legend too.
if (!has_legend) { series_name = '' }
longest = longest < 13 ? 13 : longest
eval legend_room(longest, (has_legend ? lines : 0) + 1 + (marked > 0))
left_px = small ? 62 : 92; right_px = small ? 40 : 70; bottom_px = 70
top_px = head_px + legend_px + 8

# Room for the labels: a tenth at each side.
x_pad = x_high > x_low ? 0.06 * (x_high - x_low) : 0.1 * abs(x_high) + 1
y_pad = y_high > y_low ? 0.08 * (y_high - y_low) : 0.1 * abs(y_high) + 1
if (pareto_log_x) {
    first = x_low / (x_high / x_low) ** 0.06 / (x_high > x_low ? 1 : 2); last = x_high * (x_high / x_low) ** 0.1 * (x_high > x_low ? 1 : 2)
    set logscale x
    set xrange [first:last]
    eval log_marks('x', first, last)
} else { set xrange [x_low - x_pad:x_high + 1.6 * x_pad] }
if (log_y) {
    first = y_low / (y_high / y_low) ** 0.08 / (y_high > y_low ? 1 : 2); last = y_high * (y_high / y_low) ** 0.08 * (y_high > y_low ? 1 : 2)
    set logscale y
    set yrange [first:last]
    eval log_marks('y', first, last)
} else { set yrange [(y_low >= 0 && y_low < y_pad ? 0 : y_low - y_pad):y_high + y_pad] }
set xlabel AXIS[1] noenhanced
if (text_only) {
    set tmargin 4
    set label 6 AXIS[2] at graph 0, graph 1 offset 0, 1
    plot TABLE('points') using 1:($8 == 1 ? $4 : NaN) with points pointtype 2 notitle, '' using 1:($8 == 1 ? NaN : $4) with dots notitle, '' using 1:4:10 with labels left offset 1, 0 notitle
} else {
    set ylabel AXIS[2] offset character 0.5, 0 noenhanced
    set lmargin at screen X(left_px); set rmargin at screen 1 - X(right_px)
    set tmargin at screen 1 - Y(top_px); set bmargin at screen Y(bottom_px)
    set label 3 series_name at screen X(16), 1 - Y(head_px + 5) textcolor rgb grey noenhanced
    set key at screen X(16 + legend_title_px), 1 - Y(head_px - 4) left top vertical maxrows legend_rows Left reverse samplen 2.5 width 1 noenhanced
    set errorbars 0.6
    # Half way to white.
    digit(c) = strstrt('0123456789abcdef', c) - 1
    part(c, i) = (255 + 16 * digit(c[i:i]) + digit(c[i + 1:i + 1])) / 2
    pale(c) = sprintf('#%02x%02x%02x', part(c, 2), part(c, 4), part(c, 6))
    points = TABLE('points')
    # Beaten ones are hollow; the front goes in steps: whoever is right of it and above is beaten.
    command = ''
    do for [s = 1:lines] {
        if (has[s:s] eq '1') {
            at = sprintf(' using ($7 == %d ? $1 : NaN):4', s)
            command = command.(command eq '' ? '' : ', ').sprintf("'%s' using 1:2 with steps linecolor rgb '%s' linewidth 2.5 notitle", TABLE(sprintf('front-%d', s)), pale(hue(s, lines))) \
                .", points".at.":2:3:5:6 with xyerrorbars pointtype 0 linewidth 0.8 linecolor rgb '".pale(hue(s, lines))."' notitle" \
                .", points using ($7 == ".s." && $8 == 0 ? $1 : NaN):4 with points pointtype 6 pointsize 0.8 linewidth 1.5 linecolor rgb '".hue(s, lines)."' notitle" \
                .", points using ($7 == ".s." && $8 == 1 ? $1 : NaN):4 with points pointtype 7 pointsize 1 linecolor rgb '".hue(s, lines)."' notitle"
        }
    }
    if (has_legend) { do for [s = 1:lines] {
        command = command.", keyentry with points pointtype 7 pointsize 1 linecolor rgb '".hue(s, lines)."' title ".safe(SERIES_LABEL[s])
    }}
    command = command.", keyentry with lines linecolor rgb '#aaaaaa' linewidth 2.5 title 'Pareto front'"
    if (marked > 0) { command = command.", points using ($9 == 1 ? $1 : NaN):4 with points pointtype 6 pointsize 2.2 linewidth 1.8 linecolor rgb black title 'default (".default_number.")'" }
    eval 'plot '.command.", points using 1:4:10 with labels left offset character 1, character 0.5 font font(0.85) notitle"
}
