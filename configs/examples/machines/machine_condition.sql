-- One row per machine known on the partition date, whether or not its probe has sent anything of late.
WITH readings AS (
  SELECT
    machine_id,
    temperature_c,
    vibration_mm_s,
    load_ratio,
    error_count,
    duty,
    DATEDIFF({{ ds }}, reading_date) AS age_days,
    ROW_NUMBER() OVER (PARTITION BY machine_id ORDER BY reading_date DESC) AS recency
  FROM {{ sources.telemetry }}
),
week AS (
  SELECT
    machine_id,
    AVG(CASE WHEN age_days <= 3 THEN temperature_c END) AS temperature_mean_3d,
    MAX(temperature_c) AS temperature_max_7d,
    AVG(CASE WHEN age_days <= 3 THEN vibration_mm_s END) AS vibration_mean_3d,
    AVG(CASE WHEN age_days <= 3 THEN vibration_mm_s END) - AVG(vibration_mm_s) AS vibration_trend_7d,
    AVG(load_ratio) AS load_mean_7d,
    CAST(SUM(error_count) AS INT) AS errors_7d,
    CAST(SUM(CASE WHEN duty = 'heavy' THEN 1 ELSE 0 END) AS INT) AS heavy_days_7d,
    MAX(CASE WHEN recency = 1 THEN duty END) AS duty_latest
  FROM readings
  WHERE age_days <= {{ params.window_days }}
  GROUP BY machine_id
),
stops AS (
  SELECT
    machine_id,
    CAST(SUM(stopped) AS INT) AS stoppages_7d
  FROM {{ sources.stoppages }}
  WHERE DATEDIFF({{ ds }}, day) <= {{ params.window_days }}
  GROUP BY machine_id
)
SELECT
  m.machine_id,
  m.site,
  m.family,
  m.rated_power_kw,
  DATEDIFF({{ ds }}, m.installed_on) / 365.25 AS age_years,
  w.temperature_mean_3d,
  w.temperature_max_7d,
  w.vibration_mean_3d,
  w.vibration_trend_7d,
  w.load_mean_7d,
  w.errors_7d,
  w.heavy_days_7d,
  COALESCE(w.duty_latest, 'unknown') AS duty_latest,
  COALESCE(s.stoppages_7d, 0) AS stoppages_7d
FROM {{ sources.machines }} AS m
LEFT JOIN week AS w ON w.machine_id = m.machine_id
LEFT JOIN stops AS s ON s.machine_id = m.machine_id
