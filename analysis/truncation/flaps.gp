# flaps.gp: which of the pods to which nothing happens are listed in Endpoints while others are rolled out. Reads flaps.tsv: time, place, listed.
reset
set terminal pngcairo size 1200, 620 font 'DejaVu Sans,11'
set output 'flaps.png'
set datafile separator tab
set label 1 '600 ready pods to which nothing happens, while 600 others of their Service are rolled out' at screen 0.02, 0.95 font ',14'
set tmargin 6
set xlabel 'time (s); the update begins at 60 s'
set ylabel 'pods, in the order of their addresses'
set border 3 lc rgb '#888888'
set tics nomirror out textcolor rgb '#222222'
set xrange [56:124]
set yrange [460.5:600.5]
set palette defined (0 '#d55e00', 1 '#cce3f0')
set cbrange [0:1]
unset colorbox
set arrow from 60, graph 0 to 60, graph 1 nohead front dt 2 lc rgb '#222222'
set key at graph 1, 1.02 right bottom horizontal Left reverse samplen 1.5
set style fill solid 1 noborder
# A state holds until the next one.
plot 'flaps.tsv' using ($1 + 1):2:3 with image notitle, \
     keyentry with boxes lc rgb '#cce3f0' title 'in Endpoints', keyentry with boxes lc rgb '#d55e00' title 'left out'
