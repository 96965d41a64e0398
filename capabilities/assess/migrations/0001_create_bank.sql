-- What every session was scored with: the parameters of each bank version ever used, and how often each item was shown.
-- Old code still running sees new tables only.
CREATE TABLE assess_bank (
    version TEXT NOT NULL,
    started BIGINT NOT NULL,
    registered_ms BIGINT NOT NULL,
    CONSTRAINT assess_bank_key PRIMARY KEY (version)
);
CREATE TABLE assess_bank_item (
    bank_version TEXT NOT NULL,
    item_id TEXT NOT NULL,
    competence TEXT NOT NULL,
    level TEXT NOT NULL,
    family TEXT,
    discrimination DOUBLE PRECISION NOT NULL,
    difficulty_logit DOUBLE PRECISION NOT NULL,
    lower_asymptote DOUBLE PRECISION NOT NULL,
    shown BIGINT NOT NULL,
    CONSTRAINT assess_bank_item_key PRIMARY KEY (bank_version, item_id),
    CONSTRAINT assess_bank_item_bank FOREIGN KEY (bank_version) REFERENCES assess_bank (version)
);
