-- Who is measured, when and what for. A campaign reaches a unit with everything below it, or the whole agency.
-- Old code still running sees new tables only.
CREATE TABLE assess_campaign (
    id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    unit_id TEXT,
    unit_path TEXT NOT NULL,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    opens_ms BIGINT NOT NULL,
    closes_ms BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    CONSTRAINT assess_campaign_key PRIMARY KEY (id),
    CONSTRAINT assess_campaign_agency FOREIGN KEY (agency_id) REFERENCES people_agency (id),
    CONSTRAINT assess_campaign_unit FOREIGN KEY (unit_id) REFERENCES people_unit (id)
);
CREATE INDEX assess_campaign_by_agency ON assess_campaign (agency_id, closes_ms);
