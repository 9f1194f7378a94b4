-- M03: acknowledged in time, of what left `received` from the first day to the last. Merged ones are in no rate.
SELECT
  COUNT(*) AS n,
  SUM(CASE WHEN in_time THEN 1 ELSE 0 END) AS in_time
FROM lines
WHERE day BETWEEN ? AND ?
  AND kind = 'stage'
  AND stage = 'received'
  AND due_at IS NOT NULL
  AND COALESCE(outcome, '') <> 'merged'
