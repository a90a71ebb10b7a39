-- Events {first} to {last} of {events}, spread evenly over 30 days in the order in which they are received. 95 % arrive
-- within a minute, the others within six hours. Which customer: the cube of an even number, so that one customer in a
-- hundred makes a fifth of the events and everybody is heard of sooner or later. Where there are goal events, a customer
-- sees one variation.
INSERT INTO events
SELECT
  1 AS environment,
  (CASE WHEN {experiences} = 1 THEN 0 ELSE (hash(i, 1) % {experiences}) END * 3
    + CASE WHEN {goal_events} > 0 THEN hash(1 + floor({customers} * pow((hash(i, 3) % 1000000007) / 1000000007.0, 3))::INTEGER, 2) % 3 ELSE hash(i, 2) % 3 END + 1)::INTEGER AS context,
  1 + floor({customers} * pow((hash(i, 3) % 1000000007) / 1000000007.0, 3))::INTEGER AS customer,
  (hash(i, 4) % 100 < 5)::UTINYINT AS action,
  CASE WHEN hash(i, 5) % 100 < 60 THEN 1 WHEN hash(i, 5) % 100 < 85 THEN 2 WHEN hash(i, 5) % 100 < 99 THEN 3 ELSE 4 END::UTINYINT AS platform,
  {start} + i * 2592000 // {events} - CASE WHEN hash(i, 6) % 100 < 95 THEN hash(i, 7) % 60 ELSE hash(i, 7) % 21600 END::BIGINT AS event_time,
  ({start} + i * 2592000 // {events}) * 1000 AS received_at,
  1 + i // 100 AS position,
  (i % 100)::INTEGER AS element_index,
  0 AS action_index,
  gen_random_uuid() AS uuid,
  CASE WHEN hash(i, 4) % 100 < 5 THEN (hash(i, 8) % 10 + 1)::INTEGER END AS click_target,
  CASE WHEN hash(i, 9) % 10 < 7 THEN 19800 END AS timezone_offset,
  NULL AS attributes
FROM range({first}, {last}) AS numbers(i)
