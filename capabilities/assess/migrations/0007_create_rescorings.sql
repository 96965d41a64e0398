-- Who approved that a new bank version scored finished sessions again, and why. The results themselves are new versions in
-- assess_result. Old code still running sees a new table only.
CREATE TABLE assess_rescoring (
    id TEXT NOT NULL,
    bank_version TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    note TEXT NOT NULL,
    approved_ms BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    CONSTRAINT assess_rescoring_key PRIMARY KEY (id),
    CONSTRAINT assess_rescoring_bank FOREIGN KEY (bank_version) REFERENCES assess_bank (version)
);
