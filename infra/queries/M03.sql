-- M03: acknowledged in time, of what left `received` and is decided: it was acknowledged, or it was late whatever became
-- of it. Merged ones are in no rate: what a merger takes back has a row `unrated`, whose `sign` is -1, and the day for which it counts.
SELECT
  SUM(COALESCE(sign, 1)) AS n,
  SUM(CASE WHEN in_time THEN COALESCE(sign, 1) ELSE 0 END) AS in_time,
  CAST(SUM(CASE WHEN in_time THEN COALESCE(sign, 1) ELSE 0 END) AS double) / NULLIF(SUM(COALESCE(sign, 1)), 0) AS share
FROM lines
WHERE day BETWEEN ? AND ?                      -- what is read: from the first day, as of another
  AND COALESCE(for_day, day) BETWEEN ? AND ?   -- what is counted: from the first day to the last
  AND COALESCE(of_kind, kind) = 'stage'
  AND stage = 'received'
  AND NOT merged
  AND (COALESCE(outcome, '') <> 'withdrawn' OR NOT in_time)
  AND in_time IS NOT NULL
