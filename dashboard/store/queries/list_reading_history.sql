-- list_reading_history.sql: every reading of a province that counts, from one day to another, with its batch.
SELECT commune_code, measure, value, basis, as_of, batch_id AS batch
FROM current_reading
WHERE province_code = :province AND as_of >= :first AND as_of <= :last
ORDER BY commune_code, measure, basis, as_of
