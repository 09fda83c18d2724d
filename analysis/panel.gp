# panel.gp: the head of one panel: its title, and in a picture of its own where it comes from; or, in place of the
# panel, why there is nothing to draw. Whoever loads this has set `heading`, and `note`, a line of its own or ''.
unset label 4; unset label 5; unset label 6
unset arrow
unset logscale
set tics nomirror textcolor rgb black out scale 0.6
set border 3
set ytics autofreq
if (page eq 'single' && panel == 2) {
    unset label 1; unset label 2; unset label 3
}
if (page eq 'single' && panel == 1 && bare) { set tmargin at screen bare_top }
if (page eq 'single' && panel == 1 && !bare) {
    if (text_only) {
        set label 1 heading at character 0, character height / 24 - 1
        set label 2 note at character 0, character height / 24 - 2
        set tmargin 5
    } else {
        # In pixels: text has the same height in a low picture.
        from_top(px) = 1 - px / (1.0 * height)
        set label 1 heading at screen 0.015, from_top(28) font font(1.35)
        set label 2 provenance at screen 0.015, from_top(58) font font(0.85) textcolor rgb grey
        set label 3 note at screen 0.015, from_top(78) font font(0.85) textcolor rgb grey
        set tmargin at screen from_top(116)
    }
}
if (page ne 'single') {
    # Panels stand one below the other; the lowest of each column tells the time.
    set label 4 heading at graph 0, 1.165 font font(1.1)
    if (panel != 3) { unset xlabel } else { set xlabel time_label }
}
if (nothing ne '') {
    unset border; unset xtics; unset ytics; unset xlabel; unset ylabel; unset colorbox
    set label 5 nothing at graph 0.5, 0.5 center
    plot [0:1] [0:1] -1 notitle
}
