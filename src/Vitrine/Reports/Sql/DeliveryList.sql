-- Every experience that was ever delivered, with how often it was in the range. An hour counts where it begins.
SELECT
  experience_id,
  last(experience ORDER BY hour, version),
  CAST(coalesce(sum(delivered) FILTER (hour * 3600 >= $from AND hour * 3600 < $to), 0) AS BIGINT)
FROM deliveries
WHERE environment = $environment
GROUP BY 1
