# dots.gp: rows of figures as dots on an axis of bytes: published, by the rule that was published with them, as encoded.
#
#     gnuplot -e "heading = '...'; rule = '100 bytes an endpoint'; output = 'NAME.png'" analysis/kit/dots.gp
#
# Reads picture.tsv: row (from 1), label, published ('?': nothing was), by the rule, as encoded.
stats 'picture.tsv' using 1 nooutput
rows = int(STATS_max)
set terminal pngcairo size 1200, 160 + 42 * rows font 'DejaVu Sans,12'
set output output
set datafile separator tab
set datafile missing '?'
set label 1 heading at screen 0.02, screen 1 - 28.0 / (160 + 42 * rows) left font ',16'
set tmargin 4
set logscale x
set yrange [rows + 0.8:0.2]
set format x '%.0s %cB'
set grid xtics ytics lt 1 lw 1 lc rgb "#cccccc"
set border 3 lc rgb '#888888'
set tics nomirror textcolor rgb '#222222'
set key outside bottom center horizontal maxrows 1 samplen 1 width 1
set lmargin 38
set rmargin 4
set style line 1 lc rgb '#222222' pt 6 ps 2.4 lw 2
set style line 2 lc rgb '#e69f00' pt 2 ps 1.5 lw 2
set style line 3 lc rgb '#0072b2' pt 7 ps 1.1
plot 'picture.tsv' using 3:1:ytic(2) with points ls 1 title 'published', \
     '' using 4:1 with points ls 2 title rule, \
     '' using 5:1 with points ls 3 title 'as encoded'
