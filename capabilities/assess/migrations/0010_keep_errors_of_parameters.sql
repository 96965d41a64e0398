-- Parameters that were estimated carry an error, which makes the intervals of scores wider. What is registered already are guesses, taken
-- as they are. Old code still running writes guesses, as before.
ALTER TABLE assess_bank_item ADD COLUMN log_discrimination_error DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE assess_bank_item ADD COLUMN difficulty_error_logit DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE assess_bank_item ADD COLUMN error_correlation DOUBLE PRECISION NOT NULL DEFAULT 0;
