-- readings_of_province.sql: everything the communes of a province reported up to a day, and what visits found.
-- History, not only the latest: the curve over time and a past day are computed from the same rows.
-- Of the batches that count, every row: a window that chooses the newest takes SQLite three times as long.
SELECT r.commune_code, r.measure, r.basis, r.as_of, r.value, r.batch_id
FROM reading r
JOIN (SELECT id FROM current_batch WHERE province_code = :province) AS b ON b.id = r.batch_id
WHERE r.as_of <= :until
