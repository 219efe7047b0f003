-- list_departments.sql: every unit that is no commune; its dossiers never add to the communes'.
SELECT code
FROM unit
WHERE level <> 'commune'
