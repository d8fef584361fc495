-- A slot that max_slot_wal_keep_size has cost its log is of no use any more, and Debezium would ask for it for half an hour.
-- Without it, it makes a new one and copies the table anew.

SELECT pg_drop_replication_slot(slot_name)
FROM pg_replication_slots
WHERE database = current_database() AND wal_status = 'lost' AND NOT active;
