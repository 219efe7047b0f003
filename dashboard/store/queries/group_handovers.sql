-- group_handovers.sql: the dossiers that were received in a stretch of days by one unit and are decided by another,
-- per pair of units.
SELECT accepting_unit, deciding_unit, COUNT(*) AS dossiers
FROM ({newest}) AS d
WHERE received_at >= :first AND received_at < :before AND accepting_unit <> deciding_unit
GROUP BY 1, 2
