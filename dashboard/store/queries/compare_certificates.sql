-- compare_certificates.sql: the counts of :batch and (is_new = 0) what was known of the same communes before.
SELECT commune_code AS unit, 1 AS is_new, {counts}
FROM certificate_count
WHERE batch_id = :batch
UNION ALL
SELECT unit, 0 AS is_new, {counts}
FROM (
    SELECT n.commune_code AS unit, {counts_of_c},
        ROW_NUMBER() OVER (PARTITION BY c.commune_code ORDER BY c.as_of DESC, c.batch_id DESC) AS newest_first
    FROM certificate_count n
    JOIN certificate_count c ON c.commune_code = n.commune_code AND c.as_of <= n.as_of AND c.batch_id <> n.batch_id
    JOIN current_batch b ON b.id = c.batch_id
    WHERE n.batch_id = :batch) AS ranked
WHERE newest_first = 1
