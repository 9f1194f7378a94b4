-- M03: acknowledged in time, of what left `received` from the first day to the last and is decided: it was acknowledged,
-- or it was late whatever became of it. Merged ones are in no rate.
SELECT
  COUNT(*) AS n,
  SUM(CASE WHEN in_time THEN 1 ELSE 0 END) AS in_time,
  CAST(SUM(CASE WHEN in_time THEN 1 ELSE 0 END) AS double) / NULLIF(COUNT(*), 0) AS share
FROM lines
WHERE day BETWEEN ? AND ?
  AND kind = 'stage'
  AND stage = 'received'
  AND NOT merged
  AND (COALESCE(outcome, '') <> 'withdrawn' OR NOT in_time)
  AND in_time IS NOT NULL
