-- What came through the door, beside what became of it, each counted from a table of its own.
-- kind: 0 requests and events received, 1 stored, 2 duplicate, 3 rejected, 4 erased. {bucket} is put in per table.
SELECT 0 AS kind, {bucket:received_minute * 60} AS bucket, refusal AS reason, sum(requests) AS requests, sum(events) AS events
FROM intake
WHERE environment = $environment AND received_minute * 60 >= $from AND received_minute * 60 < $to
GROUP BY ALL
UNION ALL
SELECT 1, {bucket:received_at // 1000}, 0, 0, count(*)
FROM events
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
UNION ALL
SELECT 1, {bucket:received_at // 1000}, 0, 0, count(*)
FROM goal_events
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
UNION ALL
SELECT 1, {bucket:received_at // 1000}, 0, 0, count(*)
FROM rolled_events
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
UNION ALL
SELECT 2, {bucket:received_at // 1000}, 0, 0, count(*)
FROM duplicates
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
UNION ALL
SELECT 3, {bucket:received_at // 1000}, reason, 0, count(*)
FROM rejections
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
UNION ALL
SELECT 4, {bucket:received_at // 1000}, 0, 0, count(*)
FROM erased_events
WHERE environment = $environment AND received_at >= $from * 1000 AND received_at < $to * 1000
GROUP BY ALL
