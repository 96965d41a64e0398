-- A result is never changed: a new version with a reason stands beside the old one. People may disagree with it, and may say
-- that something is wrong with an item. Old code still running sees new tables only.
CREATE TABLE assess_result (
    session_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    bank_version TEXT NOT NULL,
    reason TEXT NOT NULL,
    items BIGINT NOT NULL,
    ability TEXT NOT NULL,
    computed_ms BIGINT NOT NULL,
    CONSTRAINT assess_result_key PRIMARY KEY (session_id, version),
    CONSTRAINT assess_result_session FOREIGN KEY (session_id) REFERENCES assess_session (id)
);
CREATE TABLE assess_dispute (
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    statement TEXT NOT NULL,
    opened_ms BIGINT NOT NULL,
    reply TEXT,
    replied_by TEXT,
    replied_ms BIGINT,
    CONSTRAINT assess_dispute_key PRIMARY KEY (id),
    CONSTRAINT assess_dispute_session FOREIGN KEY (session_id) REFERENCES assess_session (id)
);
CREATE INDEX assess_dispute_by_session ON assess_dispute (session_id);
CREATE TABLE assess_flag (
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    locale TEXT NOT NULL,
    note TEXT NOT NULL,
    raised_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    closed_by TEXT,
    CONSTRAINT assess_flag_key PRIMARY KEY (id),
    CONSTRAINT assess_flag_once UNIQUE (session_id, position),
    CONSTRAINT assess_flag_session FOREIGN KEY (session_id) REFERENCES assess_session (id)
);
CREATE INDEX assess_flag_by_item ON assess_flag (item_id);
