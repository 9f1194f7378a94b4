-- M13: causes by whose fault it was, of closures whose cause is known, the most frequent first: how many, which share,
-- and the share of all down to there. Merged ones are in no rate.
WITH counted AS (
  SELECT cause, COALESCE(party, 'undetermined') AS party, SUM(sign) AS n
  FROM lines
  WHERE day BETWEEN ? AND ?                      -- what is read: from the first day, as of another
    AND COALESCE(for_day, day) BETWEEN ? AND ?   -- what is counted: from the first day to the last
    AND kind = 'closed'
    AND outcome <> 'merged'
    AND cause IS NOT NULL
  GROUP BY 1, 2
  HAVING SUM(sign) > 0
)
SELECT
  cause,
  party,
  n,
  CAST(n AS double) / SUM(n) OVER () AS share,
  CAST(SUM(n) OVER (ORDER BY n DESC, cause, party) AS double) / SUM(n) OVER () AS cumulative
FROM counted
ORDER BY n DESC, cause, party
