-- Events with their fields named as on the wire.
SELECT
  u.customer_id,
  CASE e.action WHEN 0 THEN 'MOE_PERSONALIZATION_MESSAGE_SHOWN' ELSE 'MOE_PERSONALIZATION_MESSAGE_CLICKED' END AS action,
  CAST(e.uuid AS VARCHAR) AS moe_event_uuid,
  e.event_time,
  ['Unknown', 'web', 'android', 'ios', 'tv'][e.platform + 1] AS platform,
  c.cid,
  c.experience,
  c.locale_id AS moe_locale_id,
  c.variation_id AS moe_variation_id,
  c.audience_name,
  c.audience_id,
  c.type,
  t.b_id,
  e.timezone_offset AS user_timezone_offset,
  e.attributes,
  e.received_at,
  e.position
FROM events e
JOIN contexts c ON c.context = e.context
JOIN customers u ON u.customer = e.customer
LEFT JOIN click_targets t ON t.click_target = e.click_target
WHERE e.environment = $environment
