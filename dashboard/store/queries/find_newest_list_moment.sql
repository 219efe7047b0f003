-- find_newest_list_moment.sql: the moment of the newest list of single dossiers that counts; NULL where there is none.
SELECT MAX(b.as_of) AS as_of
FROM current_batch b
WHERE b.province_code = :province AND EXISTS (SELECT 1 FROM dossier d WHERE d.batch_id = b.id)
