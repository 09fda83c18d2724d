# churn.gp: how often each kind of object is written, and how many endpoints such a write carries: an Endpoints object
# all of its Service's, a slice its own.
if (!exists('page')) {
    kind = 'churn'; needs = 'writes'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('churn.gp')]
    load scripts.'style.gp'
    if (nothing eq '') {
        load scripts.'totals.gp'
        # Text has its panels one below the other, each as high as a picture.
        if (!text_only) { set multiplot layout 2, 1 margins screen (bare ? 78.0 / width : 0.085), 0.975, (bare ? 66.0 : 64.0) / height, (bare ? bare_top : 1 - 116.0 / height) spacing screen 0, (bare ? 84 + 20.0 * legend_rows : 112.0) / height }
    }
}
heading = page eq 'single' ? 'Writes of Endpoints and EndpointSlices: '.focus : 'Writes of Endpoints and EndpointSlices'
note = ''
panel = 1
load scripts.'panel.gp'
if (nothing eq '') {
    eval y_title('writes per '.span_text(width_s))
    eval count_marks(writes_max)
    set yrange [0:*] noextend
    plot binned using (T($1)):4 with fillsteps linecolor rgb pale_blue notitle, \
        '' using (T($1)):4 with steps linecolor rgb blue linewidth 2 title 'EndpointSlices: '.writes_text(slice_writes), \
        '' using (T($1)):3 with steps linecolor rgb vermilion linewidth 2 dashtype 2 title 'Endpoints: '.writes_text(ep_writes)
}
if (nothing ne '' && page ne 'single') { set multiplot next }
if (nothing eq '') {
    panel = 2
    heading = 'Endpoints per write'
    load scripts.'panel.gp'
    eval y_title(page eq 'single' ? 'endpoints per write (mean)' : 'mean')
    set yrange [0:*] noextend
    # Points that stand alone have no line to be seen by.
    stats binned using ($3 + $4 > 0 ? 1 : NaN) nooutput
    point = STATS_records > 40 ? 0.5 : 1.2
    plot binned using (T(0.5 * ($1 + $2))):($4 > 0 ? $8 / $4 : NaN) with linespoints linecolor rgb blue linewidth 1.5 pointtype 7 pointsize point \
            title 'an EndpointSlice: '.mean_text(slice_endpoints, slice_writes), \
        '' using (T(0.5 * ($1 + $2))):($3 > 0 ? $7 / $3 : NaN) with linespoints linecolor rgb vermilion linewidth 1.5 pointtype 5 pointsize point \
            title 'the Endpoints object: '.mean_text(ep_endpoints, ep_writes)
}
if (page eq 'single' && nothing eq '' && !text_only) { unset multiplot }
