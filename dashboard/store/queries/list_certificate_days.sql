-- list_certificate_days.sql: which batch that counts, after a given one, told of which commune's certificates on which day.
-- Asked of the table, not of the view: a source whose figure another one corrected has told all the same.
SELECT c.commune_code, c.as_of, c.batch_id
FROM certificate_count c
JOIN current_batch b ON b.id = c.batch_id
WHERE b.province_code = :province AND b.id > :after
