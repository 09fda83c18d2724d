# endpoints.gp: addresses that the Endpoints object lists, against the Service's pods. What lies beyond the
# capacity (1,000 addresses) is shaded: no proxy that reads Endpoints reaches it.
if (!exists('page')) {
    kind = 'endpoints'; needs = 'timeline'; page = 'single'; scripts = ARG0[1:strlen(ARG0)-strlen('endpoints.gp')]
    load scripts.'style.gp'
}
panel = 1
heading = page eq 'single' ? 'Endpoints against pods: '.focus : 'Addresses in Endpoints against pods'
note = ''
load scripts.'panel.gp'
if (nothing eq '') {
    eval y_title('pods, addresses')
    eval count_marks(peak_pods)
    set yrange [0:*] noextend
    # The capacity is one Service's; of many together there is no such line.
    if (capacity > 0 && !all_services && peak_pods > 0.8 * capacity) {
        set arrow 1 from graph 0, first capacity to graph 1, first capacity nohead front linecolor rgb vermilion linewidth 1.5 dashtype 3
        set label 6 'capacity '.group(capacity) at graph 0.995, first capacity right offset 0, 0.8 front textcolor rgb vermilion
    }
    plot timeline using (T($1)):($4 + $5) with fillsteps linecolor rgb pale_vermilion notitle, \
        '' using (T($1)):4 with fillsteps linecolor rgb pale_blue notitle, \
        '' using (T($1)):4 with steps linecolor rgb blue linewidth (page eq 'single' ? 5 : 3) title page eq 'single' ? 'addresses in Endpoints' : 'in Endpoints', \
        '' using (T($1)):2 with steps linecolor rgb black linewidth 1.5 title 'pods', \
        '' using (T($1)):3 with steps linecolor rgb green linewidth 1.5 dashtype 2 title page eq 'single' ? 'ready pods' : 'ready', \
        keyentry with boxes linecolor rgb pale_vermilion title omitted > 0 && !text_only ? (page eq 'single' ? 'left out by truncation' : 'left out') : ''
}
