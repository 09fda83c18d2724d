# bytes.gp: what the API server sends to watchers: per span of time, and added up from the start.
if (!exists('page')) {
    kind = 'bytes'; needs = 'writes'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('bytes.gp')]
    load scripts.'style.gp'
    if (nothing eq '') {
        load scripts.'totals.gp'
        # Text has its panels one below the other, each as high as a picture.
        if (!text_only) { set multiplot layout 2, 1 margins screen (bare ? 78.0 / width : 0.085), 0.975, (bare ? 66.0 : 64.0) / height, (bare ? bare_top : 1 - 132.0 / height) spacing screen 0, (bare ? 84 + 20.0 * legend_rows : 112.0) / height }
    }
}
heading = page eq 'single' ? 'Bytes to watchers: '.focus : 'Bytes to watchers, from the start'
note = what_if
panel = page eq 'single' ? 1 : 3
load scripts.'panel.gp'
if (nothing eq '') {
    set yrange [0:*] noextend
    if (page eq 'single') {
        eval y_title(sprintf('%s per %s', byte_unit(bytes_max), span_text(width_s)))
        plot binned using (T($1)):($9 / byte_scale(bytes_max)) with fillsteps linecolor rgb pale_vermilion notitle, \
            '' using (T($1)):($10 / byte_scale(bytes_max)) with fillsteps linecolor rgb pale_blue notitle, \
            '' using (T($1)):($9 / byte_scale(bytes_max)) with steps linecolor rgb vermilion linewidth 2 \
                title sprintf('Endpoints (what-if: %s watchers)', group(ep_watchers)), \
            '' using (T($1)):($10 / byte_scale(bytes_max)) with steps linecolor rgb blue linewidth 2 \
                title sprintf('EndpointSlices (%s watchers)', group(slice_watchers))
        panel = 2
        load scripts.'panel.gp'
    }
    total = ep_bytes > slice_bytes ? ep_bytes : slice_bytes
    eval y_title(page eq 'single' ? byte_unit(total).' since the start' : byte_unit(total))
    plot binned using (T($1)):($11 / byte_scale(total)) with lines linecolor rgb vermilion linewidth 2.5 title 'Endpoints (what-if): '.bytes_text(ep_bytes), \
        '' using (T($1)):($12 / byte_scale(total)) with lines linecolor rgb blue linewidth 2.5 dashtype 2 title 'EndpointSlices: '.bytes_text(slice_bytes)
}
if (page eq 'single' && nothing eq '' && !text_only) { unset multiplot }
