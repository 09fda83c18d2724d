# Writes of slices a minute while Pods die: mean and 95 % interval, for each Service, from single minutes.
db <- DBI::dbConnect(RSQLite::SQLite(), commandArgs(TRUE)[1])
writes <- DBI::dbGetQuery(db, "
  SELECT service, CAST(t_s / 60 AS INTEGER) AS minute, count(*) AS writes FROM v_writes
  WHERE controller = 'endpointslice' AND verb <> 'noop' AND t_s >= 120 AND t_s < 1260 GROUP BY 1, 2")
minutes <- merge(expand.grid(service = c("busy", "quiet"), minute = 2:20), writes, all.x = TRUE)
minutes$writes[is.na(minutes$writes)] <- 0 # a minute without a write is a minute too
for (service in c("busy", "quiet")) {
  these <- minutes$writes[minutes$service == service]
  cat(service, length(these), "minutes:", round(mean(these), 2), "from", round(t.test(these)$conf.int, 2), "\n")
}
