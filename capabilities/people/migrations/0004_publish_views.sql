-- What other capabilities may read of people. No whole NIP, no address, no account.
-- Old code still running is not touched.
CREATE VIEW people_v_person AS
SELECT p.id AS person_id, p.agency_id, p.unit_id, u.path AS unit_path, p.post_id,
    CASE WHEN p.title_before = '' THEN '' ELSE p.title_before || ' ' END || p.name
        || CASE WHEN p.title_after = '' THEN '' ELSE ', ' || p.title_after END AS name,
    SUBSTR(p.nip, 1, 4) || '…' || SUBSTR(p.nip, 16, 3) AS nip_masked,
    p.active
FROM people_person p JOIN people_unit u ON u.id = p.unit_id;
CREATE VIEW people_v_unit AS
SELECT id AS unit_id, agency_id, parent_id, path, name, depth FROM people_unit;
CREATE VIEW people_v_post AS
SELECT id AS post_id, agency_id, name, job_family FROM people_post;
CREATE VIEW people_v_requirement AS
SELECT post_id, competence, level FROM people_requirement;
