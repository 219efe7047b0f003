-- find_reading_sources.sql: from which batch the newest value of each measure and basis of one commune is, by a day.
SELECT s.measure, s.basis, s.as_of, s.batch, b.file_name, b.origin
FROM (
    SELECT measure, basis, as_of, batch_id AS batch,
        ROW_NUMBER() OVER (PARTITION BY measure, basis ORDER BY as_of DESC) AS latest_first
    FROM current_reading
    WHERE province_code = :province AND commune_code = :commune AND as_of <= :until) AS s
JOIN import_batch b ON b.id = s.batch
WHERE s.latest_first = 1
ORDER BY s.measure, s.basis
