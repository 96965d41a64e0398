-- One person's sitting: a compact state that grows with each answer, and the answers themselves, which are only ever added.
-- Old code still running sees new tables only.
CREATE TABLE assess_session (
    id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    bank_version TEXT NOT NULL,
    seed BIGINT NOT NULL,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    CONSTRAINT assess_session_key PRIMARY KEY (id),
    CONSTRAINT assess_session_once UNIQUE (campaign_id, person_id),
    CONSTRAINT assess_session_campaign FOREIGN KEY (campaign_id) REFERENCES assess_campaign (id),
    CONSTRAINT assess_session_person FOREIGN KEY (person_id) REFERENCES people_person (id),
    CONSTRAINT assess_session_bank FOREIGN KEY (bank_version) REFERENCES assess_bank (version)
);
CREATE INDEX assess_session_by_person ON assess_session (person_id);
CREATE TABLE assess_answer (
    session_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    answer TEXT NOT NULL,
    is_right BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    shown_ms BIGINT NOT NULL,
    answered_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    device_elapsed_ms BIGINT,
    CONSTRAINT assess_answer_key PRIMARY KEY (session_id, position),
    CONSTRAINT assess_answer_session FOREIGN KEY (session_id) REFERENCES assess_session (id)
);
