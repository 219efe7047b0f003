-- list_resources.sql: the newest state of what a province gives its communes: training, officials, devices, certificates, forms.
SELECT resource_id, topic, commune_code, what, variant, quantity, done, office, began_on, ended_on, batch_id AS batch
FROM current_field_resource
WHERE province_code = :province
ORDER BY topic, began_on, what, resource_id
