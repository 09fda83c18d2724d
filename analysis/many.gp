# many.gp: what pictures of many runs share: their tables, room for head and legend, an axis of a parameter's values.
#
# They draw from tables that `epsim plot DB --kind sweep` (heatmap, pareto) makes, as statistics are not SQL's business. Variables, all
# set by it: `data`, the folder of the tables; `output`, `terminal`, `width`, `height`; `bare`: no head; `categories`: the values of the parameter
# are words; and what each script says.
#
#     names.tsv    number, text: title, where it comes from, the parameter, the legend's title
#     by.tsv       number, position, label of each value of the parameter; series.tsv: of the second one
#     panels.tsv   number and what a panel shows; see the scripts
#
# Whoever loads this has set `kind` and `scripts`.

set encoding utf8
text_only = terminal eq 'txt'
load scripts.'look.gp'
set datafile separator "\t"
set datafile commentschars ''
TABLE(name) = data.'/'.name.'.tsv'

array NAME[4]
do for [i = 1:4] { NAME[i] = '' }
set table $none
plot TABLE('names') using (NAME[int($1)] = strcol(2), 0):(0) with table
stats TABLE('by') using 2 nooutput
by_count = int(STATS_records); by_low = STATS_min; by_high = STATS_max
stats TABLE('series') using 1 nooutput
series_count = int(STATS_records)
array BY[by_count]; array BY_LABEL[by_count]; array SERIES_LABEL[series_count]
plot TABLE('by') using (BY[int($1)] = $2, BY_LABEL[int($1)] = strcol(3), 0):(0) with table
plot TABLE('series') using (SERIES_LABEL[int($1)] = strcol(3), 0):(0) with table
unset table
title = NAME[1]; provenance = NAME[2]; by_name = NAME[3]; series_name = NAME[4]

# --- colours ---------------------------------------------------------------------------------------------------

sky = '#56b4e9'; purple = '#cc79a7'; dark = '#222222'
# Lines: Okabe and Ito's first, which all eyes tell apart; of more than seven the values' order is what counts: dark to bright (cividis).
hues = blue.' '.vermilion.' '.green.' '.orange.' '.purple.' '.sky.' '.dark
marks = '7 5 9 13 11 15 6'
ramp_part(low, high, share) = int(low + (high - low) * share + 0.5)
ramp_mix(r1, g1, b1, r2, g2, b2, share) = sprintf('#%02x%02x%02x', ramp_part(r1, r2, share), ramp_part(g1, g2, share), ramp_part(b1, b2, share))
ramp(share) = share < 0.5 ? ramp_mix(0, 32, 77, 124, 123, 120, 2 * share) : ramp_mix(124, 123, 120, 226, 190, 60, 2 * share - 1)
hue(i, n) = n <= 7 ? word(hues, i) : ramp((i - 1.0) / (n - 1))
mark(i, n) = n <= 7 ? int(word(marks, i)) : 7

# --- room: pixels, as shares of the picture --------------------------------------------------------------------

small = width < 600
X(pixels) = 1.0 * pixels / width
Y(pixels) = 1.0 * pixels / height
head_px = bare ? 4 : small ? 58 : 74
letter_px = 8.4
# The legend stands above the panels, in as many rows as it needs; its title before it.
legend_rows = 0; legend_px = 0; legend_columns = 1; legend_title_px = 0
legend_room(longest, count) = sprintf("legend_title_px = letter_px * %d + 12; legend_columns = int((width - 40 - legend_title_px) / (48 + letter_px * %d)); \
    legend_columns = legend_columns < 1 ? 1 : legend_columns > %d ? %d : legend_columns; legend_rows = ceil(1.0 * %d / legend_columns); legend_px = 20 * legend_rows + 12", \
    strlen(series_name), longest, count, count, count)

set border 3
set tics nomirror textcolor rgb black out scale 0.6
set offsets 0, 0, 0, 0
unset key

# The head of the picture; of text it is two lines.
if (text_only) {
    set label 1 title at character 0, character height / 24 - 1
    set label 2 provenance at character 0, character height / 24 - 2
} else { if (!bare) {
    set label 1 title at screen X(16), 1 - Y(26) font font(small ? 1.05 : 1.35) noenhanced
    set label 2 provenance at screen X(16), 1 - Y(small ? 46 : 54) font font(small ? 0.72 : 0.85) textcolor rgb grey noenhanced
}}
head_off = 'unset label 1; unset label 2; unset label 3; unset key'

# --- logarithmic axes ---------------------------------------------------------------------------------------------

# Marks of one that goes from low to high: gnuplot has none within a decade. Powers of ten; 1, 2 and 5 of them; or steps as on an axis that is not.
log_marks(axis, low, high) = high > low * 300 ? sprintf("set %stics autofreq format '%%g'", axis) \
    : high > low * 4 ? sprintf('set %stics (', axis).decade_list(low, high, floor(log10(low)), 1).')' \
    : sprintf('set %stics (', axis).step_list(high, decimal_step((high - low) / 6.0), ceil(low / decimal_step((high - low) / 6.0))).')'
step_list(high, step, k) = k * step > high ? '' : sprintf("'%g' %.15g%s", k * step, k * step, (k + 1) * step > high ? '' : ', ').step_list(high, step, k + 1)
next_digit(m) = m == 1 ? 2 : m == 2 ? 5 : 1
decade_list(low, high, k, m) = m * 10.0 ** k > high ? '' \
    : (m * 10.0 ** k < low ? '' : sprintf("'%g' %.15g%s", m * 10.0 ** k, m * 10.0 ** k, next_mark(k, m) > high ? '' : ', ')) \
        .decade_list(low, high, m == 5 ? k + 1 : k, next_digit(m))
next_mark(k, m) = m == 5 ? 10.0 ** (k + 1) : next_digit(m) * 10.0 ** k

# --- the axis of the parameter -----------------------------------------------------------------------------------

# Marks stand at the values themselves where these are few and far enough apart, else as gnuplot has them.
log_by = exists('log_x') ? log_x : 0
# Values that are not above 0 have no place on a logarithmic axis.
by_first = 1
if (log_by && !categories) {
    do for [i = 1:by_count] { by_first = BY[i] <= 0 && by_first < by_count ? i + 1 : by_first }
    by_low = BY[by_first]
}
place(x) = log_by ? log10(x) : x
least_gap = 1.0
if (by_count > by_first && !categories && !(log_by && by_low <= 0)) {
    do for [i = by_first + 1:by_count] {
        gap = (place(BY[i]) - place(BY[i - 1])) / (place(by_high) - place(by_low))
        least_gap = gap < least_gap ? gap : least_gap
    }
}
# "set xtics ..." for an axis of so many pixels.
by_tics(pixels) = categories ? word_tics(pixels) \
    : by_count <= 16 && least_gap * pixels > 12 + letter_px * strlen(BY_LABEL[by_count]) ? value_tics(1) : 'set xtics autofreq'
# Words: each, or each second, third...; turned when they are long.
longest_word = 1
do for [i = 1:by_count] { longest_word = strlen(BY_LABEL[i]) > longest_word ? strlen(BY_LABEL[i]) : longest_word }
words_turned(pixels) = categories && !text_only && (longest_word + 2) * letter_px * by_count > pixels
word_tics(pixels) = value_tics(ceil(by_count * 16.0 / pixels)).(words_turned(pixels) ? '; set xtics rotate by -35 left' : '')
# A label in quotes of gnuplot's own: names of parameters' values may have any letters.
safe_part(s) = strstrt(s, "'") == 0 ? s : s[1:strstrt(s, "'")-1]."''".safe_part(s[strstrt(s, "'")+1:])
safe(s) = "'".safe_part(s)."'"
# A mark's text is a format.
mark_text(s) = strstrt(s, '%') == 0 ? s : s[1:strstrt(s, '%')].'%'.mark_text(s[strstrt(s, '%')+1:])
tic_list(i, step) = i > by_count ? '' : (i > by_first ? ', ' : '').safe(mark_text(BY_LABEL[i])).sprintf(' %.15g', BY[i]).tic_list(i + step, step)
value_tics(step) = 'set xtics ('.tic_list(by_first, step).')'
by_range = categories ? sprintf('set xrange [0.5:%d.5]', by_count) \
    : log_by ? sprintf('set logscale x; set xrange [%.15g:%.15g]', by_low / (by_high / by_low) ** 0.03 / (by_high > by_low ? 1 : 2), \
        by_high * (by_high / by_low) ** 0.03 * (by_high > by_low ? 1 : 2)) \
    : sprintf('set xrange [%.15g:%.15g]', by_low - (by_high > by_low ? 0.03 * (by_high - by_low) : 1), by_high + (by_high > by_low ? 0.03 * (by_high - by_low) : 1))
