# overview.gp: everything about a Service on one page, so that one instant is at one place in each column.
kind = 'overview'; needs = 'timeline'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('overview.gp')]
load scripts.'style.gp'
kinds = 'endpoints slices fill churn bytes'
if (nothing ne '') {
    heading = 'Overview: '.focus
    panel = 1
    note = ''
    load scripts.'panel.gp'
} else {
    load scripts.'totals.gp'
    if (text_only) {
        # One below the other.
        do for [i = 1:words(kinds)] {
            nothing = i > 2 ? no_writes : ''
            load scripts.word(kinds, i).'.gp'
        }
    } else {
        page = 'overview'
        set multiplot layout 3, 2 columnsfirst margins screen 0.06, 0.975, 0.065, 0.83 spacing screen 0.09, 0.105
        set label 1 focus at screen 0.015, 0.97 font font(1.6)
        set label 2 provenance at screen 0.015, 0.935 font font(0.95) textcolor rgb grey
        set label 3 what_if at screen 0.015, 0.91 font font(0.95) textcolor rgb grey
        do for [i = 1:words(kinds)] {
            # The head of the page is drawn with the first panel, once.
            if (i == 2) { unset label 1; unset label 2; unset label 3 }
            nothing = i > 2 ? no_writes : ''
            load scripts.word(kinds, i).'.gp'
        }
        unset multiplot
    }
}
