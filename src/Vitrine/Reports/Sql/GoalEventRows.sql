-- Goal events with their fields named as on the wire.
SELECT
  u.customer_id,
  n.name AS action,
  CAST(e.uuid AS VARCHAR) AS moe_event_uuid,
  e.event_time AS "current_time",
  ['Unknown', 'web', 'android', 'ios', 'tv'][e.platform + 1] AS platform,
  e.app_version,
  e.timezone_offset AS user_timezone_offset,
  e.attributes,
  e.received_at,
  e.position
FROM goal_events e
JOIN event_names n ON n.event_name = e.event_name
JOIN customers u ON u.customer = e.customer
WHERE e.environment = $environment
