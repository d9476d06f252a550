"""The features of the bench as a data scientist computes them with pandas: the reference in time and in values."""

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

raw, out = Path(sys.argv[1]), Path(sys.argv[2])
started = time.perf_counter()

date = pd.Timestamp("2024-11-01").date()
rows = pd.concat([pd.read_parquet(file) for file in sorted(raw.glob("*.parquet"))])
rows = rows[(rows["loaded_at"] < date) & (rows["issued_on"] < date)]
rows = rows.sort_values(["account", "issued_on", "loaded_at"])
rows = rows.drop_duplicates(["account", "issued_on"], keep="last").reset_index(drop=True)
by_account = rows.groupby("account", sort=False)
rows["n"] = by_account.cumcount(ascending=False) + 1
rows["rise"] = by_account["amount"].diff()
rows["recent"] = by_account["amount"].rolling(3, min_periods=1).mean().to_numpy()
newest = rows[rows["n"] == 1].set_index("account")
by_account = rows.groupby("account", sort=True)
features = pd.DataFrame(
    {
        "last_amount": newest["amount"],
        "recent_amount": newest["recent"],
        "recent_missed": rows[rows["n"] <= 3].groupby("account")["missed"].sum(),
        "mean_amount": by_account["amount"].mean(),
        "largest_rise": by_account["rise"].max(),
        "statements": by_account.size(),
    }
).reset_index()
features.to_parquet(out, compression="zstd")

seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"seconds": seconds, "peak_mib": peak, "steps": {}}))
