-- How many events the hours have of which single events are not kept any more, for each group and bucket.
-- {dimensions} and {bucket} are put in from a closed list of expressions; values are parameters.
SELECT {dimensions} {bucket} AS bucket, e.action, CAST(sum(e.events) AS BIGINT)
FROM rolled_figures e
JOIN contexts c ON c.context = e.context
LEFT JOIN click_targets t ON t.click_target = e.click_target
WHERE c.environment = $environment AND ($experience IS NULL OR c.experience_id = $experience)
  AND e.starts_at >= $from AND e.starts_at < $to
GROUP BY ALL
LIMIT {limit}
