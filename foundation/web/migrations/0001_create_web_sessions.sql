-- Sign-in sessions as rows, so that "sign out everywhere" and a list of own sign-ins work; only the token's hash is kept.
-- First migration: no older code runs.
CREATE TABLE web_session (
    token_hash TEXT NOT NULL CONSTRAINT web_session_pk PRIMARY KEY,
    session_id TEXT NOT NULL CONSTRAINT web_session_id_unique UNIQUE,
    account_id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    roles TEXT NOT NULL,
    csrf TEXT NOT NULL,
    locale TEXT NOT NULL CONSTRAINT web_session_locale_known CHECK (locale IN ('id', 'en')),
    created_ms BIGINT NOT NULL,
    last_seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);

CREATE INDEX web_session_by_account ON web_session (account_id);

CREATE INDEX web_session_by_expiry ON web_session (expires_ms);

CREATE TABLE web_preference (
    account_id TEXT NOT NULL CONSTRAINT web_preference_pk PRIMARY KEY,
    locale TEXT NOT NULL CONSTRAINT web_preference_locale_known CHECK (locale IN ('id', 'en')),
    changed_ms BIGINT NOT NULL
);
