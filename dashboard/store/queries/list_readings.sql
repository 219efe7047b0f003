-- list_readings.sql: everything the communes of a province reported, and what visits found, in batches after a given one.
-- History, not only the latest: the curve over time and a past day are computed from the same rows.
-- Of the batches that count, every row: a window that chooses the newest takes SQLite three times as long.
-- Named by their communes, with which the key of the table begins: other provinces' rows are not looked at.
SELECT r.commune_code, r.measure, r.basis, r.as_of, r.value, r.batch_id
FROM reading r
WHERE r.commune_code IN (SELECT code FROM commune WHERE province_code = :province)
    AND r.batch_id IN (SELECT id FROM current_batch WHERE province_code = :province AND id > :after)
