-- The events of an environment in a stretch of time that came behind a journal position, as pages take them.
SELECT context, customer, action, platform, coalesce(click_target, 0), event_time, position
FROM events
WHERE environment = {environment} AND event_time >= {from} AND event_time < {to} AND position > {after}
