-- compare_readings.sql: each reading of :batch beside the value that was known before it on its day.
SELECT r.commune_code, r.measure AS name, r.value AS told,
    (SELECT o.value
        FROM reading o
        JOIN current_batch b ON b.id = o.batch_id
        WHERE o.commune_code = r.commune_code AND o.measure = r.measure AND o.basis = r.basis
            AND o.as_of <= r.as_of AND o.batch_id <> :batch
        ORDER BY o.as_of DESC, o.batch_id DESC
        LIMIT 1) AS known
FROM reading r
WHERE r.batch_id = :batch
