-- summarise_batches.sql: per province, kind and origin what counts: how many files, how new, what was refused in them.
SELECT batch.province_code, batch.kind, batch.origin, COUNT(*) AS batches,
  MAX(batch.as_of) AS as_of, MAX(batch.imported_at) AS imported_at,
  (SELECT COUNT(*) FROM problem
    JOIN current_batch AS own ON own.id = problem.batch_id
    WHERE problem.severity = 'refused' AND own.province_code = batch.province_code
      AND own.kind = batch.kind AND own.origin = batch.origin) AS refused_rows
FROM current_batch AS batch
GROUP BY batch.province_code, batch.kind, batch.origin
ORDER BY batch.province_code, batch.kind, batch.origin
