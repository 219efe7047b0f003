-- find_newest_files_of_province.sql: per kind and origin the newest as-of by a day, of the batches of a province that count.
SELECT kind, origin, MAX(as_of) AS as_of
FROM current_batch
WHERE province_code = :province AND as_of < :before
GROUP BY kind, origin
ORDER BY kind, origin
