-- The local ports in use towards each destination, of all hosts together. Each line holds the five fullest
-- destinations of its host.
SELECT used.value ->> 'destination' AS destination,
       used.value ->> 'port' AS port,
       sum(used.value ->> 'ports_in_use') AS ports_in_use,
       sum(used.value ->> 'ports_in_time_wait') AS ports_in_time_wait,
       count(DISTINCT host) AS hosts,
       max(1.0 * (used.value ->> 'ports_in_use') / nullif(used.value ->> 'usable_ports', 0)) AS fullest_share
FROM host, json_each(host.json, '$.destinations') AS used
GROUP BY destination, port
ORDER BY ports_in_use DESC, destination, port
LIMIT 20;
