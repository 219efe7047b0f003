-- count_open_dossiers.sql: per unit how many dossiers were received but not finished before a moment, paused ones too.
SELECT unit, COUNT(*) AS dossiers
FROM ({opened}) AS o
GROUP BY 1
