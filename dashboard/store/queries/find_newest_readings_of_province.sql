-- find_newest_readings_of_province.sql: the last value of each commune, measure and basis by a day, of the batches that count.
-- One step into the table's key for each of them: the whole history, of which nothing else is needed, is fifty times as much.
-- Their days are found first and by themselves: joined with their rows at once, SQLite walks through all of a commune's history.
-- The sign before batch_id: else it steps into the key once for each batch that there is.
-- Two batches that told of the same day both stand here; the caller takes the later one, as everywhere.
WITH pairs (measure, basis) AS (VALUES {pairs}),
counting AS (SELECT id FROM current_batch WHERE province_code = :province),
newest AS MATERIALIZED (
    SELECT c.code, p.measure, p.basis, (
        SELECT n.as_of FROM reading n
        WHERE n.commune_code = c.code AND n.measure = p.measure AND n.basis = p.basis
            AND n.as_of <= :until AND n.batch_id IN (SELECT id FROM counting)
        ORDER BY n.as_of DESC LIMIT 1) AS as_of
    FROM commune c CROSS JOIN pairs p
    WHERE c.province_code = :province)
SELECT r.commune_code, r.measure, r.basis, r.as_of, r.value, r.batch_id
FROM newest
CROSS JOIN reading r
WHERE r.commune_code = newest.code AND r.measure = newest.measure
    AND r.basis = newest.basis AND r.as_of = newest.as_of
    AND +r.batch_id IN (SELECT id FROM counting)
