-- Agencies, their tree of units, posts with what they require, and the staff. The NIP stands in people_person.nip only.
-- Old code still running sees new tables only.
CREATE TABLE people_agency (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    CONSTRAINT people_agency_pk PRIMARY KEY (id),
    CONSTRAINT people_agency_name_unique UNIQUE (name_key)
);
CREATE TABLE people_unit (
    id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    parent_key TEXT NOT NULL,
    path TEXT NOT NULL,
    depth BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    CONSTRAINT people_unit_pk PRIMARY KEY (id),
    CONSTRAINT people_unit_agency_fk FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT people_unit_parent_fk FOREIGN KEY (parent_id) REFERENCES people_unit (id),
    CONSTRAINT people_unit_key_unique UNIQUE (agency_id, name_key, parent_key)
);
CREATE INDEX people_unit_path ON people_unit (agency_id, path);
CREATE TABLE people_post (
    id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    job_family TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    CONSTRAINT people_post_pk PRIMARY KEY (id),
    CONSTRAINT people_post_agency_fk FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT people_post_key_unique UNIQUE (agency_id, kind, name_key)
);
CREATE TABLE people_requirement (
    post_id TEXT NOT NULL,
    competence TEXT NOT NULL,
    level BIGINT NOT NULL,
    CONSTRAINT people_requirement_pk PRIMARY KEY (post_id, competence),
    CONSTRAINT people_requirement_post_fk FOREIGN KEY (post_id) REFERENCES people_post (id),
    CONSTRAINT people_requirement_level_check CHECK (level BETWEEN 0 AND 4)
);
CREATE TABLE people_person (
    id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    nip TEXT NOT NULL,
    name TEXT NOT NULL,
    title_before TEXT NOT NULL,
    title_after TEXT NOT NULL,
    search_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    email TEXT NOT NULL,
    siasn_digest TEXT,
    old_nip_digest TEXT,
    active BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    CONSTRAINT people_person_pk PRIMARY KEY (id),
    CONSTRAINT people_person_agency_fk FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT people_person_unit_fk FOREIGN KEY (unit_id) REFERENCES people_unit (id),
    CONSTRAINT people_person_post_fk FOREIGN KEY (post_id) REFERENCES people_post (id),
    CONSTRAINT people_person_nip_unique UNIQUE (nip),
    CONSTRAINT people_person_kind_check CHECK (kind IN ('pns', 'pppk'))
);
CREATE INDEX people_person_agency ON people_person (agency_id, search_name);
CREATE INDEX people_person_unit ON people_person (unit_id);
CREATE INDEX people_person_post ON people_person (post_id);
