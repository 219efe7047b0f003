-- compare_dossiers.sql: how many single dossiers of :batch are new, told otherwise than before, or as before.
SELECT
    COALESCE(SUM(CASE WHEN o.code IS NULL THEN 1 ELSE 0 END), 0) AS new,
    COALESCE(SUM(CASE WHEN o.code IS NOT NULL AND NOT (COALESCE(o.state, 0) = COALESCE(n.state, 0)
        AND COALESCE(CAST(o.finished_at AS VARCHAR(30)), '') = COALESCE(CAST(n.finished_at AS VARCHAR(30)), '')
        AND COALESCE(CAST(o.due AS VARCHAR(30)), '') = COALESCE(CAST(n.due AS VARCHAR(30)), ''))
        THEN 1 ELSE 0 END), 0) AS changed,
    COUNT(*) AS total
FROM dossier n
LEFT JOIN (
    SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.code ORDER BY d.batch_id DESC) AS newest_first
    FROM dossier d
    JOIN current_batch b ON b.id = d.batch_id
    WHERE b.province_code = :province AND d.batch_id <> :batch) AS o
    ON o.code = n.code AND o.newest_first = 1
WHERE n.batch_id = :batch
