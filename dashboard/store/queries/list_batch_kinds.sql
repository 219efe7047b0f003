-- list_batch_kinds.sql: the kind of every batch of a province, also of those that no longer count.
SELECT id, kind
FROM import_batch
WHERE province_code = :province
