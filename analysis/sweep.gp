# sweep.gp: figures against a parameter, a line for each value of another, with intervals; a panel for each figure and each value of a
# third.
#
# Variables beside those of many.gp: `panels`, `lines` (in each), `points` (at most in a line), `longest` (letters of the legend), `has_legend`,
# `log_x`, `log_y`, `default_x` (a value to mark; 0: none), `has`: a digit for each line of each panel, 1: it has points.
# panels.tsv: number, lowest and highest y, title of the axis, title. line-PANEL-LINE.tsv: x, y, interval.
kind = 'sweep'; scripts = ARG0[1:strlen(ARG0)-strlen('sweep.gp')]
load scripts.'many.gp'

array LOW[panels]; array HIGH[panels]; array AXIS[panels]; array HEADING[panels]
set table $none
plot TABLE('panels') using (LOW[int($1)] = $2, HIGH[int($1)] = $3, AXIS[int($1)] = strcol(4), HEADING[int($1)] = strcol(5), 0):(0) with table
unset table

if (has_legend) { eval legend_room(longest, lines) }
columns = panels == 1 || small || text_only ? 1 : panels == 2 || panels == 4 || width < 900 ? 2 : 3
rows = ceil(1.0 * panels / columns)
left_px = small ? 62 : 92; right_px = 24
heading_px = panels > 1 ? 30 : 10
gap_x_px = small ? 66 : 86
top_px = head_px + legend_px
panel_w = (width - left_px - right_px - (columns - 1) * gap_x_px) / (1.0 * columns)
bottom_px = words_turned(panel_w) ? 48 + 0.62 * letter_px * longest_word : 70
panel_h = (height - top_px - rows * (heading_px + bottom_px)) / (1.0 * rows)
by_mark = categories ? 0 : default_x
with_bands = points > 25 && !text_only

if (!text_only) { set multiplot }
do for [p = 1:panels] {
    column = (p - 1) % columns; row = (p - 1) / columns
    if (!text_only) {
        x0 = left_px + column * (panel_w + gap_x_px); y0 = top_px + row * (panel_h + heading_px + bottom_px) + heading_px
        set lmargin at screen X(x0); set rmargin at screen X(x0 + panel_w)
        set tmargin at screen 1 - Y(y0); set bmargin at screen 1 - Y(y0 + panel_h)
        set label 4 (panels > 1 ? HEADING[p] : '') at graph 0, graph 1 offset character 0, character 0.8 font font(1.0) noenhanced
        if (p == 1 && has_legend) {
            set label 3 series_name at screen X(16), 1 - Y(head_px + 5) textcolor rgb grey noenhanced
            set key at screen X(16 + legend_title_px), 1 - Y(head_px - 4) left top vertical maxrows legend_rows Left reverse samplen 2.5 width 1 noenhanced
        }
        if (p == 2) { eval head_off }
    } else {
        set tmargin has_legend ? 6 : 4
        if (panels > 1) { set label 1 title.': '.HEADING[p] at character 0, character height / 24 - 1 }
        if (has_legend) { set key at graph 0, graph 1 left bottom horizontal maxcols (width / 12 / (longest + 8)) Left reverse samplen 2 noenhanced }
    }
    set xlabel by_name noenhanced
    if (text_only) { set label 6 AXIS[p] at graph 0, graph 1 offset 0, 1 } else {
        # One that is longer than the axis stands above it.
        fits = strlen(AXIS[p]) * letter_px < panel_h
        set ylabel (fits ? AXIS[p] : '') offset character 0.5, 0 noenhanced
        if (!fits) { set label 4 AXIS[p].(HEADING[p] eq '' || strstrt(AXIS[p], HEADING[p]) ? '' : ', '.HEADING[p]) }
    }
    eval by_range
    eval by_tics(panel_w)
    set yrange [LOW[p]:HIGH[p]]
    if (log_y) { set logscale y; eval log_marks('y', LOW[p], HIGH[p]) }
    unset arrow
    unset label 5
    if (by_mark > 0 && by_mark >= by_low && by_mark <= by_high && !text_only) {
        set arrow 1 from first by_mark, graph 0 to first by_mark, graph 1 nohead back linecolor rgb '#999999' linewidth 1 dashtype 2
        set label 5 'default' at first by_mark, graph 0 left rotate by 90 offset character -0.6, character 0.5 font font(0.8) textcolor rgb grey
    }
    command = ''
    do for [s = 1:lines] {
        at = (p - 1) * lines + s
        if (has[at:at] eq '1') {
            file = TABLE(sprintf('line-%d-%d', p, s))
            color = hue(s, lines)
            label = has_legend ? safe(SERIES_LABEL[s]) : "''"
            # Words have no order that a line could follow: points side by side.
            x = categories ? sprintf('($1 + %g)', (s - (lines + 1) / 2.0) * 0.5 / lines) : '1'
            style = categories ? 'points' : 'linespoints'
            point = sprintf("pointtype %d pointsize 0.75", mark(s, lines))
            command = command.(command eq '' ? '' : ', ')
            if (text_only) {
                command = command.sprintf("'%s' using %s:2 with %s title %s", file, x, style, label)
            } else { if (with_bands && !categories) {
                command = command.sprintf("'%s' using 1:3:4 with filledcurves fillstyle transparent solid 0.2 noborder linecolor rgb '%s' notitle, ", file, color) \
                    .sprintf("'' using 1:2 with lines linecolor rgb '%s' linewidth 2 title %s", color, label)
            } else {
                command = command.sprintf("'%s' using %s:2:3:4 with yerrorbars linecolor rgb '%s' linewidth 1.4 pointtype 0 notitle, ", file, x, color) \
                    .sprintf("'' using %s:2 with %s linecolor rgb '%s' linewidth 2 %s title %s", x, style, color, point, label)
            }}
        }
    }
    set errorbars 0.6
    if (command eq '') { set label 7 'nothing is defined here' at graph 0.5, graph 0.5 center; command = '(1/0) notitle' } else { unset label 7 }
    eval 'plot '.command
}
if (!text_only) { unset multiplot }
