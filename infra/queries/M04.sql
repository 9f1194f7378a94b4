-- M04: how long stages took, by stage and round, in seconds: elapsed, and working time net of waits. Nearest rank: the
-- smallest time that at least so many in a hundred do not exceed.
WITH spans AS (
  SELECT
    stage,
    round,
    elapsed,
    working,
    ROW_NUMBER() OVER (PARTITION BY stage, round ORDER BY elapsed) AS place,
    ROW_NUMBER() OVER (PARTITION BY stage, round ORDER BY working) AS working_place,
    COUNT(*) OVER (PARTITION BY stage, round) AS n
  FROM lines
  WHERE day BETWEEN ? AND ?
    AND kind = 'stage'
    AND COALESCE(outcome, '') <> 'merged'
)
SELECT
  stage,
  round,
  MAX(n) AS n,
  MIN(CASE WHEN 100 * place >= 50 * n THEN elapsed END) AS p50,
  MIN(CASE WHEN 100 * place >= 90 * n THEN elapsed END) AS p90,
  MIN(CASE WHEN 100 * place >= 95 * n THEN elapsed END) AS p95,
  MIN(CASE WHEN 100 * working_place >= 50 * n THEN working END) AS working_p50,
  MIN(CASE WHEN 100 * working_place >= 90 * n THEN working END) AS working_p90,
  MIN(CASE WHEN 100 * working_place >= 95 * n THEN working END) AS working_p95
FROM spans
GROUP BY stage, round
ORDER BY stage, round
