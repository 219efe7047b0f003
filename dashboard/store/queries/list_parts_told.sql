-- list_parts_told.sql: of which tables the batches of a province that count have rows, of those after a batch.
-- Problems count until their batch is taken back, also where its figures stepped aside.
WITH later AS (SELECT id FROM current_batch WHERE province_code = :province AND id > :after),
own AS (SELECT code FROM commune WHERE province_code = :province)
SELECT 'certificate_count' AS part
WHERE EXISTS (
    SELECT 1 FROM certificate_count WHERE commune_code IN (SELECT code FROM own) AND batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'outage' WHERE EXISTS (SELECT 1 FROM outage WHERE batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'follow_up' WHERE EXISTS (SELECT 1 FROM follow_up WHERE batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'support_step' WHERE EXISTS (SELECT 1 FROM support_step WHERE batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'field_resource' WHERE EXISTS (SELECT 1 FROM field_resource WHERE batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'feedback' WHERE EXISTS (SELECT 1 FROM feedback WHERE batch_id IN (SELECT id FROM later))
UNION ALL
SELECT 'problem' WHERE EXISTS (
    SELECT 1 FROM problem p JOIN import_batch b ON b.id = p.batch_id
    WHERE b.province_code = :province AND b.id > :after)
