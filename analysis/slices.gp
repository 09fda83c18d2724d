# slices.gp: how many EndpointSlices a Service has, against the fewest that could hold its endpoints.
if (!exists('page')) {
    kind = 'slices'; needs = 'timeline'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('slices.gp')]
    load scripts.'style.gp'
}
panel = page eq 'single' ? 1 : 2
heading = page eq 'single' \
    ? sprintf('EndpointSlices, of at most %s endpoints, against the fewest possible: %s', group(slice_max), focus) \
    : 'EndpointSlices against the fewest possible'
note = ''
load scripts.'panel.gp'
if (nothing eq '') {
    eval y_title('slices')
    eval count_marks(peak_slices)
    set yrange [0:*] noextend
    # A line that goes up and down all the time is a thin shade: its dashes would run together into a black band.
    stats timeline using 7 nooutput
    if (STATS_records > width / 3) { set style line 9 linecolor rgb '#80000000' linewidth 1 } else { set style line 9 linecolor rgb black linewidth 1.5 dashtype 2 }
    plot timeline using (T($1)):6 with fillsteps linecolor rgb pale_orange notitle, \
        '' using (T($1)):7 with fillsteps linecolor rgb pale_blue notitle, \
        '' using (T($1)):6 with steps linecolor rgb blue linewidth 2.5 title 'slices', \
        '' using (T($1)):7 with steps linestyle 9 title 'fewest possible', \
        keyentry with boxes linecolor rgb pale_orange title text_only ? '' : 'more than that'
}
