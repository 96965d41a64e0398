-- Items on trial are shown and counted without moving a score. What is registered already counts. Old code still running writes
-- items that count, as before.
ALTER TABLE assess_bank_item ADD COLUMN is_pilot BOOLEAN NOT NULL DEFAULT FALSE;
