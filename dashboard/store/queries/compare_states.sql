-- compare_states.sql: the rows of :batch (is_new) and, under the same key, the newest that earlier batches that count tell.
SELECT {columns}, 1 AS is_new
FROM {table}
WHERE batch_id = :batch
UNION ALL
SELECT {columns}, 0
FROM (
    SELECT o.*, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY o.batch_id DESC) AS newest_first
    FROM {table} o
    JOIN current_batch b ON b.id = o.batch_id
    WHERE b.province_code = :province AND o.batch_id <> :batch) AS known
WHERE newest_first = 1
