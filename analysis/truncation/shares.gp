# shares.gp: what a consumer of Endpoints does not reach, against the number of pods. Reads shares.tsv: Service, pods, share of all, of zone-a, -b, -c.
set terminal pngcairo size 1200, 560 font 'DejaVu Sans,11'
set output 'shares.png'
set datafile separator tab
set datafile missing ''
set border 3 lc rgb '#888888'
set tics nomirror textcolor rgb '#222222'
set grid lt 1 lw 1 lc rgb '#dddddd'
set xrange [850:5050]
set yrange [-2:102]
set xtics 1000
set xlabel 'pods'
set key at graph 0, 1.02 left bottom vertical maxrows 3 Left reverse samplen 2
of(name, column) = strcol(1) eq name ? 100 * column(column) : NaN
set multiplot layout 1, 3 margins 0.06, 0.97, 0.11, 0.76 spacing 0.055, 0
set label 1 'What a consumer of Endpoints does not reach' at screen 0.02, 0.95 font ',15'
set ylabel '% of backends'
plot 'shares.tsv' using 2:(of('zones-in-turn', 3)) with linespoints lc rgb '#0072b2' lw 2 pt 7 title 'one port, one family', \
     '' using 2:(of('missing-port', 3)) with linespoints lc rgb '#d55e00' lw 2 pt 5 title 'two ports, one pod lacks one', \
     '' using 2:(of('dual-stack, IPv4 first', 3)) with linespoints lc rgb '#009e73' lw 2 pt 9 title 'two families'
unset label 1
unset ylabel
zones = "zone-a zone-b zone-c"
colours = '#0072b2 #e69f00 #d55e00'
set label 2 'a range of addresses a zone: 3 x 33 %' at graph 0, 1.22
plot for [i = 1:3] 'shares.tsv' using 2:(of('range-a-zone', i + 3)) with linespoints lc rgb word(colours, i) lw 2 pt 2 * i + 3 title word(zones, i).' (10.'.word('8 9 10', i).')'
set label 2 'the same: 60 %, 30 % and 10 %'
plot for [i = 1:3] 'shares.tsv' using 2:(of('uneven-zones', i + 3)) with linespoints lc rgb word(colours, i) lw 2 pt 2 * i + 3 title word(zones, i).' (10.'.word('0 1 2', i).')'
unset multiplot
