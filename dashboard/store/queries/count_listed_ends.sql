-- count_listed_ends.sql: per unit how many dossiers were open on the eve of a stretch of days (`:first`) and on its last
-- evening (`:before`), paused ones too, and how many that were received in it are resolved nobody knows when.
-- Open as in select_open_dossiers.sql; resolved nobody knows when: their list tells no finish, or one after its own day
-- (`:told`), so they are on no day's count and no longer open. One walk through the dossiers answers all three.
SELECT unit,
    SUM(CASE WHEN received_at < :first
        AND (state IN (2, 4, 5, 6, 8) OR (finished_at >= :first AND finished_at < :told)) THEN 1 ELSE 0 END) AS open_before,
    SUM(CASE WHEN state IN (2, 4, 5, 6, 8) OR (finished_at >= :before AND finished_at < :told) THEN 1 ELSE 0 END) AS open_after,
    SUM(CASE WHEN received_at >= :first AND state IN (7, 9, 10)
        AND (finished_at IS NULL OR finished_at >= :told) THEN 1 ELSE 0 END) AS undated
FROM ({newest}) AS d
WHERE received_at < :before
    AND (state IN (2, 4, 5, 6, 8)
        OR (finished_at >= :first AND finished_at < :told)
        OR (received_at >= :first AND state IN (7, 9, 10) AND (finished_at IS NULL OR finished_at >= :told)))
GROUP BY 1
