-- Sketches of the customers of the whole, of each group and of each bucket: of hours without single events, and of the events
-- beside them. A row says how many registers have a rank.
-- {…} are put in from a closed list of expressions; values are parameters.
WITH ranks AS (
  SELECT {dimensions} {bucket:e.starts_at} AS bucket, e.action, e.register, e.rank
  FROM rolled_customers e
  JOIN contexts c ON c.context = e.context
  LEFT JOIN click_targets t ON t.click_target = e.click_target
  WHERE c.environment = $environment AND ($experience IS NULL OR c.experience_id = $experience)
    AND e.starts_at >= $from AND e.starts_at < $to
  UNION ALL
  SELECT {names} bucket, action, {register} AS register, {rank} AS rank
  FROM (
    SELECT d.* EXCLUDE (customer), {hash} AS hash
    FROM (
      SELECT DISTINCT {dimensions} {bucket:e.event_time} AS bucket, e.action, e.customer
      FROM events e
      JOIN contexts c ON c.context = e.context
      LEFT JOIN click_targets t ON t.click_target = e.click_target
      WHERE c.environment = $environment AND ($experience IS NULL OR c.experience_id = $experience)
        AND e.event_time >= $from AND e.event_time < $to) d
    JOIN customers u ON u.customer = d.customer)
), registers AS (
  SELECT {names} {bucket} AS bucket, {is_group} AS is_group, {is_bucket} AS is_bucket, action, register, max(rank) AS rank
  FROM ranks
  GROUP BY GROUPING SETS ({sets})
)
SELECT {names} CAST(coalesce(bucket, 0) AS BIGINT), is_group, is_bucket, action, rank, count(*)
FROM registers
GROUP BY ALL
