-- A staff file between upload and confirmation: its rows without fault and its faults as JSON, no dropped column in them.
-- Both are emptied when the file is applied, set aside or seven days old; what remains says who loaded how much when.
CREATE TABLE people_import (
    id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    account_id TEXT,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    content_json TEXT,
    summary_json TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    applied_ms BIGINT,
    CONSTRAINT people_import_pk PRIMARY KEY (id),
    CONSTRAINT people_import_agency_fk FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT people_import_account_fk FOREIGN KEY (account_id) REFERENCES people_account (id),
    CONSTRAINT people_import_state_check CHECK (state IN ('faulty', 'open', 'applied', 'set_aside'))
);
CREATE INDEX people_import_agency ON people_import (agency_id, created_ms);
