-- M04: how long stages took, by stage and round, in seconds: elapsed, and working time net of waits; also those that a
-- withdrawal ended. Merged ones are in no figure: a merger takes back the rows of before, by the same ones with a
-- `sign` of -1. Nearest rank: the smallest time that at least so many in a hundred do not exceed.
WITH spans AS (
  SELECT stage, round, time_of, CASE time_of WHEN 'elapsed' THEN elapsed ELSE working END AS seconds,
    sign
  FROM lines
  CROSS JOIN (VALUES ('elapsed'), ('working')) AS kinds (time_of)
  WHERE day BETWEEN ? AND ?                      -- what is read: from the first day, as of another
    AND COALESCE(for_day, day) BETWEEN ? AND ?   -- what is counted: from the first day to the last
    AND kind = 'stage'
    AND NOT merged
),
times AS (
  SELECT stage, round, time_of, seconds, SUM(sign) AS often
  FROM spans
  GROUP BY stage, round, time_of, seconds
  HAVING SUM(sign) > 0
),
ranked AS (
  SELECT
    stage,
    round,
    time_of,
    seconds,
    SUM(often) OVER (PARTITION BY stage, round, time_of ORDER BY seconds) AS upto,
    SUM(often) OVER (PARTITION BY stage, round, time_of) AS n
  FROM times
)
SELECT
  stage,
  round,
  MAX(n) AS n,
  MIN(CASE WHEN time_of = 'elapsed' AND 100 * upto >= 50 * n THEN seconds END) AS elapsed_p50,
  MIN(CASE WHEN time_of = 'elapsed' AND 100 * upto >= 90 * n THEN seconds END) AS elapsed_p90,
  MIN(CASE WHEN time_of = 'elapsed' AND 100 * upto >= 95 * n THEN seconds END) AS elapsed_p95,
  MIN(CASE WHEN time_of = 'working' AND 100 * upto >= 50 * n THEN seconds END) AS working_p50,
  MIN(CASE WHEN time_of = 'working' AND 100 * upto >= 90 * n THEN seconds END) AS working_p90,
  MIN(CASE WHEN time_of = 'working' AND 100 * upto >= 95 * n THEN seconds END) AS working_p95
FROM ranked
GROUP BY stage, round
ORDER BY stage, round
