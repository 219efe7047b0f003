-- group_late_dossiers.sql: the dossiers that were received in a stretch of days, per value of a column (procedure_code,
-- field): how many, how many are resolved, how many are late, resolved or still open when the newest list (:told) was
-- made, and the first batch that tells the value.
SELECT {column}, MIN(batch_id) AS first_batch, COUNT(*) AS received,
    SUM(CASE WHEN state IN (7, 9, 10) THEN 1 ELSE 0 END) AS resolved,
    SUM(CASE WHEN state IN (7, 9, 10) AND finished_at > due THEN 1 ELSE 0 END) AS resolved_late,
    SUM(CASE WHEN state IN (2, 4) THEN 1 ELSE 0 END) AS open,
    SUM(CASE WHEN state IN (2, 4) AND due < :told THEN 1 ELSE 0 END) AS open_overdue
FROM ({newest}) AS d
WHERE received_at >= :first AND received_at < :before
GROUP BY 1
