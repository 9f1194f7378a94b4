-- M03: acknowledged in time, of what left `received` and is decided: it was acknowledged, or it was late whatever became
-- of it. Merged ones are in no rate: a merger takes back the rows
-- of before, by the same ones with a `sign` of -1, and the day for which they count.
SELECT
  SUM(sign) AS n,
  SUM(CASE WHEN in_time THEN sign ELSE 0 END) AS in_time,
  CAST(SUM(CASE WHEN in_time THEN sign ELSE 0 END) AS double) / NULLIF(SUM(sign), 0) AS share
FROM lines
WHERE day BETWEEN ? AND ?                      -- what is read: from the first day, as of another
  AND COALESCE(for_day, day) BETWEEN ? AND ?   -- what is counted: from the first day to the last
  AND kind = 'stage'
  AND stage = 'received'
  AND NOT merged
  AND (COALESCE(outcome, '') <> 'withdrawn' OR NOT in_time)
  AND in_time IS NOT NULL
