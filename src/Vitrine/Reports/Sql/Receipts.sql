-- Every journal record that mentions a uuid, in the order of receipt. Of a uuid that was sent more often, the event
-- that counts and the first of the other times, a thousand in all. outcome: 1 stored, 2 duplicate, 3 rejected, 4 erased.
WITH mentions AS (
  SELECT 1 AS outcome, position, received_at, element_index, action_index, 0 AS reason
  FROM events WHERE environment = $environment AND uuid = $uuid::UUID
  UNION ALL
  SELECT 1, position, received_at, -1, action_index, 0
  FROM goal_events WHERE environment = $environment AND uuid = $uuid::UUID
  UNION ALL
  SELECT 1, position, received_at, element_index, action_index, 0
  FROM rolled_events WHERE environment = $environment AND uuid = $uuid::UUID
  UNION ALL
  SELECT 4, position, received_at, element_index, action_index, 0
  FROM erased_events WHERE environment = $environment AND uuid = $uuid::UUID
  UNION ALL
  SELECT 2, position, received_at, element_index, action_index, 0
  FROM duplicates WHERE environment = $environment AND uuid = $uuid::UUID
  UNION ALL
  SELECT 3, position, received_at, element_index, action_index, reason
  FROM rejections WHERE environment = $environment AND uuid = $uuid::UUID
), kept AS (
  SELECT * FROM mentions ORDER BY outcome NOT IN (1, 4), position, element_index, action_index LIMIT 1000
)
SELECT k.*, EXISTS (
  SELECT 1 FROM erased_events x WHERE x.environment = $environment AND x.position = k.position AND x.element_index = k.element_index) AS beside_erased
FROM kept k ORDER BY k.position, k.element_index, k.action_index
