#!/usr/bin/env bash
# 5,000 pods, 3,000 nodes, 300 bytes an endpoint: the figures that announced EndpointSlices. Results are in out/other-figures.
#
#     ./analysis/other-figures/run.sh
. "$(dirname "$0")/../kit/study.sh"

readiness_rows 5000 >blog.rows
sweep blog
sqlite3 -batch blog.db ".read '$here/figures.sql'" >figures.md
cat figures.md
gnuplot -e "heading = '5,000 pods, 3,000 nodes: an object, and what is sent to all watchers'; rule = '300 bytes an endpoint'; output = 'other-figures.png'" "$here/../kit/dots.gp"
done_in
