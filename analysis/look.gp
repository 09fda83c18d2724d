# look.gp: what pictures of one run and of many share: the terminal, colours, numbers.
#
# Whoever loads this has set `kind`, `output`, `terminal` (svg, png, pdf or txt), `width`, `height`, and `text_only`: terminal eq 'txt'.

# --- the terminal --------------------------------------------------------------------------------------------

# A page of several panels takes smaller letters. SVG counts pixels, cairo's terminals points.
svg_font = kind eq 'overview' ? 11.5 : 14
cairo_font = kind eq 'overview' ? 8.5 : 11
svg_family = 'sans-serif'; cairo_family = 'Sans'
font(scale) = terminal eq 'svg' ? sprintf('%s,%g', svg_family, svg_font * scale) : sprintf('%s,%g', cairo_family, cairo_font * scale)
if (terminal eq 'svg') {
    set terminal svg size width,height font font(1) background '#ffffff' noenhanced
} else { if (terminal eq 'png') {
    if (strstrt(GPVAL_TERMINALS, 'pngcairo')) {
        set terminal pngcairo size width,height font font(1) background '#ffffff' noenhanced
    } else {
        set terminal png size width,height font font(1) background '#ffffff' noenhanced truecolor
    }
} else { if (terminal eq 'pdf') {
    set terminal pdfcairo size width/100.0 in,height/100.0 in font font(1) background '#ffffff' noenhanced
} else { if (terminal eq 'txt') {
    set terminal dumb size width/12,height/24 noenhanced
} else {
    print "unknown kind of picture '".terminal."': svg, png, pdf or txt"
    exit status 2
}}}}
if (output ne '-') { set output output }

# --- looks ---------------------------------------------------------------------------------------------------

# Okabe and Ito's colours, which colour-blind people tell apart; pale ones are their mixtures with white.
black = '#000000'; orange = '#e69f00'; blue = '#0072b2'; vermilion = '#d55e00'; green = '#009e73'; grey = '#666666'
pale_blue = '#cce3f0'; pale_vermilion = '#f2c4a3'; pale_orange = '#f8e3b3'
# Endpoints are vermilion, EndpointSlices blue, pods black, in every picture.

set border 3 linecolor rgb grey
set grid back linetype 1 linecolor rgb '#dddddd' linewidth 0.7
set style fill solid 1 noborder
# The key stands between title and axes, where no curve can be.
# In text it stands two lines above them, over what the axis counts.
set key at graph 0, (text_only ? 1 + 2.0 / (height / 24.0 - 9) : 1.012) left bottom vertical maxrows 1 Left reverse samplen 2 width 2 noenhanced
set offsets 0, 0, graph 0.06, 0
if (text_only) {
    unset grid
    set offsets 0, 0, 0, 0
}
# Text has no vertical letters: what an axis counts stands above it there.
y_title(s) = text_only ? sprintf("set label 6 \"%s\" at graph 0, graph 1 offset 0, 1", s) : sprintf("set ylabel \"%s\"", s)

# --- numbers -------------------------------------------------------------------------------------------------------

# 1234567 as "1,234,567".
group(n) = grouped(floor(n + 0.5))
grouped(n) = n < 1000 ? sprintf('%d', n) : grouped(n / 1000).sprintf(',%03d', n % 1000)
# Marks of an axis that counts: never between two whole numbers.
count_marks(most) = most <= 12 ? 'set ytics 1' : 'set ytics autofreq'
# Of an axis that goes up to n.
byte_unit(n) = n >= 2e12 ? 'TB' : n >= 2e9 ? 'GB' : n >= 2e6 ? 'MB' : n >= 2e3 ? 'kB' : 'B'
byte_scale(n) = n >= 2e12 ? 1e12 : n >= 2e9 ? 1e9 : n >= 2e6 ? 1e6 : n >= 2e3 ? 1e3 : 1.0
# "4.76 TB": three digits.
bytes_text(n) = n < 1000 ? sprintf('%.0f B', n) : n < 1e6 ? three(n / 1e3).' kB' : n < 1e9 ? three(n / 1e6).' MB' \
    : n < 1e12 ? three(n / 1e9).' GB' : three(n / 1e12).' TB'
three(x) = x < 10 ? sprintf('%.2f', x) : x < 100 ? sprintf('%.1f', x) : group(x)
# The next of 1, 2 and 5 times a power of ten.
decimal_step(n) = decade_step(n, 10.0 ** floor(log10(n)))
decade_step(n, d) = n <= d ? d : n <= 2 * d ? 2 * d : n <= 5 * d ? 5 * d : 10 * d
