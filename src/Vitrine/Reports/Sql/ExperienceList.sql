-- Every experience that was ever reported, with its figures in the range (zeros where nothing was).
SELECT
  x.experience_id,
  x.name,
  coalesce(f.impressions, 0),
  coalesce(f.clicks, 0),
  coalesce(f.unique_impressions, 0),
  coalesce(f.unique_clicks, 0)
FROM (
  SELECT experience_id, arg_max(experience, context) AS name
  FROM contexts WHERE environment = $environment GROUP BY 1) x
LEFT JOIN (
  SELECT
    c.experience_id,
    count(*) FILTER (e.action = 0) AS impressions,
    count(*) FILTER (e.action = 1) AS clicks,
    count(DISTINCT e.customer) FILTER (e.action = 0) AS unique_impressions,
    count(DISTINCT e.customer) FILTER (e.action = 1) AS unique_clicks
  FROM events e
  JOIN contexts c ON c.context = e.context
  WHERE c.environment = $environment AND e.event_time >= $from AND e.event_time < $to
  GROUP BY 1) f ON f.experience_id = x.experience_id
ORDER BY x.experience_id
