-- Every journal record that mentions a uuid, in the order of receipt.
-- Of a uuid that was sent more often, the first thousand times. outcome: 1 stored, 2 duplicate, 3 rejected.
SELECT 1 AS outcome, position, received_at, element_index, action_index, 0 AS reason
FROM events WHERE environment = $environment AND uuid = $uuid::UUID
UNION ALL
SELECT 2, position, received_at, element_index, action_index, 0
FROM duplicates WHERE environment = $environment AND uuid = $uuid::UUID
UNION ALL
SELECT 3, position, received_at, element_index, action_index, reason
FROM rejections WHERE environment = $environment AND uuid = $uuid::UUID
ORDER BY position, element_index, action_index
LIMIT 1000
