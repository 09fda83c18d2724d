# Delay from a Pod's change to the slice that shows it, for each Service: quantiles, and the share of a full second.
import sqlite3
import sys

import pandas as pd

db = sqlite3.connect(sys.argv[1])
latency = pd.read_sql("SELECT t_s, service, seconds FROM v_latency WHERE t_s > 60", db)
by_service = latency.groupby("service")["seconds"]
table = by_service.describe(percentiles=[0.5, 0.9])[["count", "mean", "50%", "90%", "max"]]
table["full second"] = by_service.apply(lambda seconds: (seconds > 0.999).mean())
print(table.round(3).to_string())
