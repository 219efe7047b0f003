-- group_received_dossiers.sql: what became of the dossiers received in a stretch of days; alike ones are one row.
-- Per unit (1) or all together (0). Not finished is NULL. Resolved nobody knows when is left out: it is neither
-- finished on a day nor still there.
SELECT CASE WHEN :per_unit = 1 THEN unit END AS unit, DATE(received_at) AS received_on,
    CASE WHEN state IN (7, 9, 10) THEN DATE(finished_at) END AS finished_on,
    COUNT(*) AS dossiers
FROM ({newest}) AS d
WHERE received_at >= :first AND received_at < :before AND NOT (state IN (7, 9, 10) AND finished_at IS NULL)
GROUP BY 1, 2, 3
