-- M13: causes by whose fault it was, of closures: how many, which share, and the share with all that are more frequent.
WITH counted AS (
  SELECT
    COALESCE(cause, 'uncoded') AS cause,
    COALESCE(party, 'uncoded') AS party,
    COUNT(*) AS n
  FROM lines
  WHERE day BETWEEN ? AND ?
    AND kind = 'closed'
    AND outcome <> 'merged'
  GROUP BY 1, 2
)
SELECT
  cause,
  party,
  n,
  CAST(n AS double) / SUM(n) OVER () AS share,
  CAST(SUM(n) OVER (ORDER BY n DESC, cause, party) AS double) / SUM(n) OVER () AS cumulative
FROM counted
ORDER BY n DESC, cause, party
