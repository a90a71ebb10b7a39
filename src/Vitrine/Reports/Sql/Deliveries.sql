-- How often one experience was delivered, for each group and bucket. An hour counts where it begins.
-- {dimensions} and {bucket} are put in from a closed list of expressions; values are parameters.
SELECT {dimensions} CAST({bucket} AS BIGINT) AS bucket, CAST(sum(delivered) AS BIGINT)
FROM deliveries
WHERE environment = $environment AND experience_id = $experience AND hour * 3600 >= $from AND hour * 3600 < $to
GROUP BY ALL
HAVING count(*) > 0 -- Without dimensions and buckets nothing would be a row too.
LIMIT {limit}
