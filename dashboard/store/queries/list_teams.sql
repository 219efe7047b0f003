-- list_teams.sql: the newest state of each team of a province.
SELECT team_id, name, office, size, partner, communes, ended_on, batch_id AS batch
FROM current_team
WHERE province_code = :province
ORDER BY name, team_id
