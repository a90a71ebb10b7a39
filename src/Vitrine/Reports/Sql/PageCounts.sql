-- How many events there are in a stretch of time, and how many of them are asked for.
SELECT
  count(*),
  count(*) FILTER ($experience IS NULL OR context IN (
    SELECT context FROM contexts WHERE environment = $environment AND experience_id = $experience))
FROM events
WHERE environment = $environment AND event_time >= $from AND event_time < $to
