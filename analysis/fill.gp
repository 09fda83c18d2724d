# fill.gp: how full each slice is over time: one row a slice, in the order of their creation, from below.
if (!exists('page')) {
    kind = 'fill'; needs = 'writes'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('fill.gp')]
    load scripts.'style.gp'
}
panel = page eq 'single' ? 1 : 3
heading = page eq 'single' ? 'How full each EndpointSlice is: '.focus : sprintf('Fill of slices, %% of %s', group(slice_max))
note = ''
load scripts.'panel.gp'
if (nothing eq '') {
    eval y_title(page eq 'single' ? 'slices in the order of creation' : 'slices')
    eval count_marks(lives)
    set yrange [0:lives]
    if (text_only) {
        # A digit for each tenth, F for full; one column of the table after the other.
        note = 'endpoints in tenths of '.group(slice_max).', F: full'
        set label 2 note
        columns = int(width / 12)
        digit(fill) = fill >= 1 ? 'F' : sprintf('%d', floor(10 * fill))
        set table $spans
        plot fill_spans using 1:2:3:4 with table
        unset table
        set datafile separator whitespace
        plot for [i = 0:columns - 1] $spans using \
            (end_t * (i + 0.5) / columns):($3 + 0.5) \
            : (end_t * (i + 0.5) / columns >= T($1) && end_t * (i + 0.5) / columns < T($2) ? digit($4) : '') \
            with labels notitle
        set datafile separator "\t"
    } else {
        # Lightness alone tells full from empty, in print and for every eye (after cividis).
        set palette defined (0 '#00204d', 25 '#31446b', 50 '#7c7b78', 75 '#bcae6c', 100 '#ffea46')
        set cbrange [0:100]
        if (page eq 'single') {
            set cblabel sprintf('endpoints, %% of %s', group(slice_max))
        } else {
            # Above the panel, so that its axis of time is as long as the others'.
            set colorbox horizontal user origin graph 0.55, graph 1.13 size graph 0.45, graph 0.07
            set cbtics offset 0, 0.4
        }
        # Half a pixel more to the right, and up, which the next one covers: else seams shine through. Few rows are
        # set apart by a gap.
        over_y = lives <= 60 ? -lives / 400.0 : lives / 1200.0
        plot fill_spans using (T($1)):3:(T($1)):(T($2) + end_t / 2000):3:($3 + 1 + over_y):(100 * $4) \
            with boxxyerror linecolor palette notitle
    }
}
