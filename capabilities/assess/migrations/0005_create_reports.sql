-- The one report of a campaign as it may be shown, drawn up once: two reports of a growing group would tell the difference, which
-- can be one person. Counts that are hidden are not in it. Old code still running sees a new table only.
CREATE TABLE assess_report (
    campaign_id TEXT NOT NULL,
    content TEXT NOT NULL,
    drawn_up_ms BIGINT NOT NULL,
    drawn_up_by TEXT NOT NULL,
    CONSTRAINT assess_report_key PRIMARY KEY (campaign_id),
    CONSTRAINT assess_report_campaign FOREIGN KEY (campaign_id) REFERENCES assess_campaign (id)
);
