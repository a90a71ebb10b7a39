-- What goal events counted for in hours of which single events are not kept any more, for each group and bucket.
-- {dimensions} and {bucket} are put in from a closed list of expressions; values are parameters.
SELECT
  {dimensions} {bucket} AS bucket, goal, is_revenue, currency,
  CAST(sum(conversions) AS BIGINT), CAST(sum(unique_conversions) AS BIGINT), CAST(sum(revenue) AS HUGEINT), CAST(sum(without_revenue) AS BIGINT)
FROM rolled_conversions
WHERE environment = $environment AND experience_id = $experience AND model = $model AND starts_at >= $from AND starts_at < $to
GROUP BY ALL
