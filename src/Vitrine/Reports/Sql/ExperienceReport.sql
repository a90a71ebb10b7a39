-- One experience's figures: the whole, each group, and each group's buckets in one pass.
-- {dimensions}, {bucket} and {sets} are put in from a closed list of expressions; values are parameters.
SELECT
  {columns}
  grouping({last_dimension}) = 0 AS is_group,
  grouping(bucket) = 0 AS is_bucket,
  bucket,
  count(*) FILTER (action = 0) AS impressions,
  count(*) FILTER (action = 1) AS clicks,
  count(DISTINCT customer) FILTER (action = 0) AS unique_impressions,
  count(DISTINCT customer) FILTER (action = 1) AS unique_clicks
FROM (
  SELECT e.action, e.customer, {dimensions} {bucket} AS bucket
  FROM events e
  JOIN contexts c ON c.context = e.context
  LEFT JOIN click_targets t ON t.click_target = e.click_target
  WHERE c.environment = $environment AND c.experience_id = $experience
    AND e.event_time >= $from AND e.event_time < $to)
GROUP BY GROUPING SETS ({sets})
LIMIT {limit}
