-- list_departments.sql: every unit that is no commune, and its name; its dossiers never add to the communes'.
SELECT u.code, COALESCE(a.name, u.code) AS name
FROM unit u
LEFT JOIN agency a ON a.agency_code = u.code
WHERE u.level <> 'commune'
