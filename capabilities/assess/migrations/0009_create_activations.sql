-- Who released a bank with items of the agency's own under a blueprint, what the simulation before it found wanting, and why it was
-- released all the same. Old code still running sees a new table only.
CREATE TABLE assess_activation (
    bank_version TEXT NOT NULL,
    blueprint TEXT NOT NULL,
    simulation TEXT NOT NULL,
    shortcomings TEXT NOT NULL,
    reason TEXT,
    approved_by TEXT NOT NULL,
    activated_ms BIGINT NOT NULL,
    CONSTRAINT assess_activation_key PRIMARY KEY (bank_version, blueprint)
);
