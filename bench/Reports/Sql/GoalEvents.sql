-- {goal_events} orders of the same customers over the same 30 days, with what they paid.
INSERT INTO event_names VALUES (1, 1, 'order');
INSERT INTO goal_events
SELECT
  1 AS environment,
  1 AS event_name,
  1 + floor({customers} * pow((hash(i, 11) % 1000000007) / 1000000007.0, 3))::INTEGER AS customer,
  1 AS platform,
  {start} + i * 2592000 // {goal_events} AS event_time,
  ({start} + i * 2592000 // {goal_events}) * 1000 AS received_at,
  1 + i // 100 AS position,
  (i % 100)::INTEGER AS action_index,
  NULL AS uuid,
  NULL AS timezone_offset,
  NULL AS app_version,
  '{"amount":' || (hash(i, 12) % 10000) / 100.0 || ',"currency":"EUR","items":["a","b"]}' AS attributes
FROM range(0, {goal_events}) AS numbers(i)
