-- group_undated_dossiers.sql: per unit how many dossiers received in a stretch of days are resolved nobody knows when.
-- Their list tells no finish, or one after its own day (`:told`): on no day's count, and no longer open.
SELECT unit, COUNT(*) AS dossiers
FROM ({newest}) AS d
WHERE received_at >= :first AND received_at < :before AND state IN (7, 9, 10)
    AND (finished_at IS NULL OR finished_at >= :told)
GROUP BY 1
