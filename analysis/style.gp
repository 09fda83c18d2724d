# style.gp: what all pictures share: where the data come from, the terminal, colours, the axis of time, titles.
#
#     gnuplot -e "database='runs.db'" analysis/endpoints.gp
#
# Variables, all but `database` optional:
#     database   a database of epsim; read with the program sqlite3
#     run_id     which run; the last one
#     service    NAME or NAMESPACE/NAME; the Service with the most pods. '*': all together
#     output     file name; the kind's name and .svg. '-': standard output
#     terminal   svg, png, pdf or txt; what the end of `output` says
#     width, height   in pixels (1200 x 800); a character of txt stands for 12 x 24 of them
#     bare       1: without title and provenance, for a page that has them
#     data       a folder with the answers of run.sql, timeline.sql, fill.sql and binned.sql as *.tsv; then
#                neither `database` nor sqlite3 is needed (this is how `epsim plot` calls us)
#
# Whoever loads this has set `kind`, `scripts` (the folder of the scripts, with a slash at its end, or ''), and
# `needs`: 'timeline' or 'writes'. Afterwards `nothing` is '' or says why there is nothing to draw.

set encoding utf8
if (!exists('run_id')) { run_id = 0 }
if (!exists('service')) { service = '' }
if (!exists('output')) { output = kind.'.svg' }
if (!exists('terminal')) { terminal = output eq '-' ? 'txt' : strlen(output) > 4 ? output[strlen(output)-2:] : '' }
if (!exists('width')) { width = 1200 }
if (!exists('height')) { height = 800 }
if (!exists('bare')) { bare = 0 }

# --- the data ---------------------------------------------------------------------------------------------

# Between single quotes everything is literal to a shell but a single quote.
shell_part(s) = strstrt(s, "'") == 0 ? s : s[1:strstrt(s, "'")-1]."'\\''".shell_part(s[strstrt(s, "'")+1:])
shell_quote(s) = "'".shell_part(s)."'"
# A parameter's value is an SQL expression inside double quotes of sqlite3's own command line. Names of Services have
# no quotes of either kind; whatever else has is no Service's name.
sql_name(s) = strstrt(s, "'") || strstrt(s, '"') || strstrt(s, "\\") ? '?' : s
parameter(name, value) = " -cmd ".shell_quote('.parameter set @'.name.' "'.value.'"')
# A number after the last ./ keeps sqlite3 from taking a name that starts with a dash for an option.
query(name, parameters) = "sqlite3 -batch -noheader -tabs".parameters." " \
    .shell_quote(database[1:1] eq '-' ? './'.database : database)." < ".shell_quote(scripts.name.'.sql')

text_only = terminal eq 'txt'
DATA(name) = exists('data') ? data.'/'.name.'.tsv' : '< '.query(name, parameters)

if (!exists('data') && !exists('database')) {
    print "give a database: gnuplot -e \"database='runs.db'\" ".scripts.kind.'.gp'
    exit status 2
}

set datafile separator "\t"
set datafile commentschars ''
parameters = parameter('run', sprintf('%d', run_id)).parameter('service', "'".sql_name(service)."'")
found = 0
set table $none
plot DATA('run') using \
    (found = 1, run_id = $1, scenario = strcol(2), seed = strcol(3), run_number = strcol(4), \
        run_status = strcol(5), level = strcol(6), 0) \
    : (digest = strcol(7), version = strcol(8), slice_max = $9, capacity = $10, namespace = strcol(11), service_name = strcol(12), services = $13, 0) \
    : (end_s = $14, service_rows = $15, states = $16, writes = $17, lives = $18, \
        ep_watchers = $19, slice_watchers = $20, peak_pods = $21, peak_slices = $22, omitted = $23, packing = strcol(24), 0) \
    with table
unset table
if (!found) {
    print sprintf("there is no run %d in the database", run_id)
    exit status 1
}
all_services = service_name eq '*'
focus = all_services ? sprintf('%d Services together', services) : namespace.'/'.service_name
parameters = parameter('run', sprintf('%d', run_id)).parameter('namespace', "'".sql_name(namespace)."'").parameter('service', "'".sql_name(service_name)."'")
timeline = DATA('timeline')
fill_spans = DATA('fill')
binned = DATA('binned')
if (!exists('data')) {
    drawn = parameter('bins', text_only ? '100' : '800').parameter('cells', '60000')
    timeline = '< '.query('timeline', parameters.drawn)
    fill_spans = '< '.query('fill', parameters.drawn)
    binned = '< '.query('binned', parameters.parameter('bins', text_only ? '60' : '100'))
}

nothing = ''; no_writes = ''
if (services == 0) {
    nothing = 'the run has no Service'
} else { if (service_rows == 0) {
    nothing = 'the run has no Service '.service
} else { if (states == 0) {
    nothing = level eq 'summary' ? 'recorded with --record summary: there is no timeline' : 'nothing is recorded of this run'
} else { if (writes == 0) {
    no_writes = level eq 'full' ? 'nothing was written' : 'recorded with --record '.level.': there are no writes'
    if (needs eq 'writes') { nothing = no_writes }
}}}}

# Whoever calls hears of it too.
if (nothing ne '') { print 'note: '.nothing }
if (nothing eq '' && no_writes ne '' && kind eq 'overview') { print 'note: '.no_writes }

load scripts.'look.gp'

# A bare picture has room for its legend alone above the axes; a narrow one needs more rows for it.
legend_rows = !bare ? 1 : kind eq 'fill' ? 0 : kind eq 'endpoints' ? (width < 600 ? 4 : 2) : kind eq 'slices' && width < 600 ? 3 : width < 600 ? 2 : 1
if (bare && legend_rows > 0) { set key maxrows legend_rows }
if (!bare && kind eq 'endpoints' && width < 1100) { set key maxrows 2 }
bare_top = 1 - (16 + 20.0 * legend_rows) / height

# --- time ----------------------------------------------------------------------------------------------------------

time_unit = end_s <= 0 ? 's' : end_s < 1e-3 ? 'us' : end_s < 1 ? 'ms' : end_s <= 180 ? 's' : end_s <= 10800 ? 'min' : end_s <= 259200 ? 'h' : 'days'
unit_s = time_unit eq 'us' ? 1e-6 : time_unit eq 'ms' ? 1e-3 : time_unit eq 's' ? 1 : time_unit eq 'min' ? 60 : time_unit eq 'h' ? 3600 : 86400
end_t = end_s > 0 ? end_s / unit_s : 1.0
T(s) = s / unit_s
# Steps between marks as clocks have them: quarters of hours and days, else 1, 2 or 5.
time_step(n) = time_unit eq 'h' ? (n <= 1 ? 1 : n <= 2 ? 2 : n <= 3 ? 3 : n <= 6 ? 6 : 12) \
    : time_unit eq 'min' || time_unit eq 's' ? (n <= 1 ? decimal_step(n) : n <= 2 ? 2 : n <= 5 ? 5 : n <= 10 ? 10 : n <= 15 ? 15 : n <= 30 ? 30 : 60) \
    : decimal_step(n)
marks = text_only ? 6.0 : 12.0
set xrange [0:end_t]
set xtics time_step(end_t / marks)
time_label = 'time ('.time_unit.')'
set xlabel time_label

# "30 s", "5 min", "2 h", "day": what stands after "per".
span_text(s) = s >= 86400 ? (s == 86400 ? 'day' : sprintf('%g days', s / 86400)) \
    : s >= 3600 ? (s == 3600 ? 'hour' : sprintf('%g h', s / 3600)) \
    : s >= 60 ? (s == 60 ? 'minute' : sprintf('%g min', s / 60)) \
    : s >= 1 ? (s == 1 ? 'second' : sprintf('%g s', s)) \
    : s >= 1e-3 ? sprintf('%g ms', s * 1e3) \
    : sprintf('%g us', s * 1e6)

# --- titles ---------------------------------------------------------------------------------------------------------

# What a picture is of, in its top left corner, and where it comes from, so that it can be made again.
provenance = sprintf('scenario %s, run %d of the database: seed %s, run number %s, digest %s, epsim %s', scenario, run_id, seed, run_number, digest, version)
if (packing ne 'upstream') { provenance = 'WHAT-IF, packing policy '.packing.': '.provenance }
if (run_status ne 'complete') { provenance = 'RUN '.run_status.': '.provenance }
what_if = 'Endpoints are a what-if: as if kube-proxy on each node still watched them, as before EndpointSlices'
