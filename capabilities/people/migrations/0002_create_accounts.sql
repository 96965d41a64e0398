-- Who can sign in, with what, and what they may do. A civil servant's account belongs to a person; others may belong to none.
-- Old code still running sees new tables only.
CREATE TABLE people_account (
    id TEXT NOT NULL,
    login TEXT,
    person_id TEXT,
    name TEXT NOT NULL,
    password_hash TEXT,
    password_set_ms BIGINT,
    code_digest TEXT,
    code_issued_ms BIGINT,
    code_expires_ms BIGINT,
    must_change BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    CONSTRAINT people_account_pk PRIMARY KEY (id),
    CONSTRAINT people_account_login_unique UNIQUE (login),
    CONSTRAINT people_account_person_unique UNIQUE (person_id),
    CONSTRAINT people_account_person_fk FOREIGN KEY (person_id) REFERENCES people_person (id)
);
CREATE TABLE people_role (
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    role TEXT NOT NULL,
    agency_id TEXT,
    unit_id TEXT,
    granted_ms BIGINT NOT NULL,
    CONSTRAINT people_role_pk PRIMARY KEY (id),
    CONSTRAINT people_role_account_fk FOREIGN KEY (account_id) REFERENCES people_account (id),
    CONSTRAINT people_role_agency_fk FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT people_role_unit_fk FOREIGN KEY (unit_id) REFERENCES people_unit (id),
    CONSTRAINT people_role_known_check CHECK (role IN ('officer', 'item_writer', 'administrator'))
);
CREATE INDEX people_role_account ON people_role (account_id);
