-- group_finished_dossiers.sql: the dossiers that were resolved (withdrawn ones too) in a stretch of days; alike ones are one row.
SELECT unit, DATE(received_at) AS received_on, DATE(finished_at) AS finished_on, DATE(due) AS due_on,
    COUNT(*) AS dossiers
FROM ({newest}) AS d
WHERE state IN (7, 9, 10) AND received_at IS NOT NULL AND finished_at >= :first AND finished_at < :before
GROUP BY 1, 2, 3, 4
