# heatmap.gp: a figure over two parameters: a cell for each pair of values, its colour and its number.
#
# Variables beside those of many.gp: `columns`, `rows`, `low`, `high` (of the values), `log_y`: of the colours.
# panels.tsv: 1 and the figure. cells.tsv: column, row, value, value as text.
kind = 'heatmap'; scripts = ARG0[1:strlen(ARG0)-strlen('heatmap.gp')]
load scripts.'many.gp'

set table $none
plot TABLE('panels') using (figure = strcol(2), 0):(0) with table
unset table

longest_row = 1
do for [i = 1:rows] { longest_row = strlen(SERIES_LABEL[i]) > longest_row ? strlen(SERIES_LABEL[i]) : longest_row }
left_px = 44 + letter_px * longest_row; right_px = small ? 70 : 110
cell_w = (width - left_px - right_px) / (1.0 * columns)
turned = (longest_word + 1) * letter_px > cell_w && !text_only
bottom_px = turned ? 48 + 0.62 * letter_px * longest_word : 70
top_px = head_px + 6
cell_h = (height - top_px - bottom_px) / (1.0 * rows)

set xrange [0.5:columns + 0.5]
set yrange [0.5:rows + 0.5]
unset grid
set border 0
set tics scale 0
column_step = ceil(16.0 / cell_w); row_step = ceil(16.0 / cell_h)
set xtics ()
do for [i = 1:columns:column_step] { set xtics add (mark_text(BY_LABEL[i]) i) }
if (turned) { set xtics rotate by -35 left }
set ytics ()
do for [i = 1:rows:row_step] { set ytics add (mark_text(SERIES_LABEL[i]) i) }
set xlabel by_name noenhanced
# White letters on dark cells, black ones on bright.
share(v) = high > low ? (log_y ? log(v / low) / log(high / low) : (v - low) / (high - low)) : 0.5
letters(v) = share(v) < 0.55 ? 0xffffff : 0x111111
if (text_only) {
    set label 3 series_name.' (upwards): '.figure at character 0, character height / 24 - 3
    set tmargin 5
    plot TABLE('cells') using 1:2:4 with labels notitle
} else {
    set lmargin at screen X(left_px); set rmargin at screen 1 - X(right_px)
    set tmargin at screen 1 - Y(top_px); set bmargin at screen Y(bottom_px)
    set ylabel series_name noenhanced
    set palette defined (0 '#00204d', 25 '#31446b', 50 '#7c7b78', 75 '#bcae6c', 100 '#ffea46')
    set cbrange [low:(high > low ? high : low + 1)]
    if (log_y) { set logscale cb }
    set cblabel figure offset character 0.5, 0 noenhanced
    set colorbox user origin 1 - X(right_px - 16), Y(bottom_px) size X(small ? 10 : 16), 1 - Y(top_px + bottom_px)
    with_numbers = cell_w > 62 && cell_h > 17
    # A gap of a pixel sets cells apart.
    half_x = 0.5 - 0.7 / cell_w; half_y = 0.5 - 0.7 / cell_h
    plot TABLE('cells') using 1:2:($1 - half_x):($1 + half_x):($2 - half_y):($2 + half_y):3 with boxxyerror linecolor palette fillstyle solid 1 noborder notitle, \
        '' using 1:2:(with_numbers ? strcol(4) : ''):(letters($3)) with labels textcolor rgb variable notitle
}
