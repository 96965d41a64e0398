-- What items cost when sessions started, and the name of the blueprint's content: showings of each item of a bank version, in the order of item identifiers, with spaces
-- between. Written once and never changed, so that the path of a session can be played again. Old code still running sees a new
-- table only.
CREATE TABLE assess_prices (
    id TEXT NOT NULL,
    bank_version TEXT NOT NULL,
    blueprint TEXT NOT NULL,
    started BIGINT NOT NULL,
    shown TEXT NOT NULL,
    CONSTRAINT assess_prices_key PRIMARY KEY (id),
    CONSTRAINT assess_prices_bank FOREIGN KEY (bank_version) REFERENCES assess_bank (version)
);
