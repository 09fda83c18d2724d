# performance.gp: cost against size, from what `epsim bench --json` measured; performance.py calls it.
#
#     gnuplot -e "data='bench.tsv'; folder='docs/images'" analysis/performance.gp
#
# data: a row a case: name, size, nanoseconds a thing (median, least, greatest), with tabs between.
set encoding utf8
set datafile separator "\t"
set terminal pngcairo size 1200,700 font 'Sans,15' background '#ffffff' noenhanced
set border 3 linecolor rgb '#666666'
set grid back linetype 1 linecolor rgb '#dddddd' linewidth 0.7
set tics nomirror out scale 0.6
set logscale xy
set key at graph 0, 1.012 left bottom vertical maxrows 1 Left reverse samplen 2 width -1
set tmargin at screen 0.87
set format x '%.0s%c'
set xtics ("1" 1, "10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1,000,000" 1e6)
set ytics ("10 ns" 10, "30 ns" 30, "100 ns" 100, "300 ns" 300, "1 us" 1e3, "3 us" 3e3, "10 us" 1e4, "30 us" 3e4, "100 us" 1e5, "1 ms" 1e6, "10 ms" 1e7, "100 ms" 1e8, "1 s" 1e9)
set offsets 0.2, 0.2, 0, 0
# Okabe and Ito's colours.
black = '#000000'; orange = '#e69f00'; blue = '#0072b2'; vermilion = '#d55e00'; green = '#009e73'
only(name, value) = strcol(1) eq name ? value : NaN
set style data yerrorlines
set pointsize 1.4
heading(s) = sprintf("set label 1 \"%s\" at screen 0.015, 0.965 font 'Sans,20'", s)

set output folder.'/performance-pod-event.png'
eval heading('What one pod event costs against the size of its Service')
set xlabel 'endpoints of the Service'
set xrange [6:2e6]
set yrange [100:1e9]
plot data using (only('pod-events/ready', $2)):3:4:5 title 'ready' linewidth 2 pointtype 7 linecolor rgb blue, \
    data using (only('pod-events/replace', $2)):3:4:5 title 'replace' linewidth 2 pointtype 5 linecolor rgb vermilion, \
    data using (only('pod-events/relabel', $2)):3:4:5 title 'relabel' linewidth 2 pointtype 9 linecolor rgb green, \
    data using (only('subsets', $2)):3:4:5 title 'two subsets' linewidth 2 pointtype 11 linecolor rgb orange

set output folder.'/performance-services.png'
eval heading('What one pod event costs among many Services, and to many proxies')
set xlabel 'Services; proxies'
set xrange [0.6:2e5]
set yrange [100:1e5]
plot data using (only('services/one', $2)):3:4:5 title 'of one Service' linewidth 2 pointtype 7 linecolor rgb blue, \
    data using (only('services/all', $2)):3:4:5 title 'of any Service' linewidth 2 pointtype 5 linecolor rgb vermilion, \
    data using (only('watchers', $2)):3:4:5 title 'to proxies' linewidth 2 pointtype 9 linecolor rgb green

set output folder.'/performance-hold.png'
eval heading('What one bare event costs against the number of pending ones')
set xlabel 'pending events'
set xrange [0.6:2e6]
set yrange [10:1e4]
plot data using (only('kernel/hold', $2)):3:4:5 title 'hold model' linewidth 2 pointtype 7 linecolor rgb black
