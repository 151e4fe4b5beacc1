-- Who did what. Append-only, and chained: each row's hash covers the row before it, one chain per organization.
-- The foreign key restricts: an organization with a history is not deleted by accident.

CREATE TABLE audit_log (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE RESTRICT,
  seq BIGINT NOT NULL,
  -- A profile's id, or the name of what acted by itself.
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  detail JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  prev_hash TEXT NOT NULL DEFAULT '',
  hash TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (organization_id, seq)
);

ALTER TABLE audit_log ALTER COLUMN seq SET DEFAULT 0;
CREATE INDEX audit_log_created_idx ON audit_log (organization_id, created_at DESC);
CREATE INDEX audit_log_target_idx ON audit_log (organization_id, target);

CREATE FUNCTION audit_log_hash(entry audit_log) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(
    entry.prev_hash,
    entry.organization_id,
    entry.seq,
    to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    entry.actor,
    entry.action,
    entry.target,
    entry.detail
  )::TEXT, 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_log_append() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  last_seq BIGINT;
  last_hash TEXT;
BEGIN
  -- One writer at a time per organization, else two rows could name the same predecessor.
  PERFORM pg_advisory_xact_lock(hashtext('adsapp:audit_log'), hashtext(NEW.organization_id::TEXT));
  SELECT seq, hash INTO last_seq, last_hash FROM audit_log
   WHERE organization_id = NEW.organization_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last_seq, 0) + 1;
  NEW.prev_hash := coalesce(last_hash, '');
  NEW.created_at := clock_timestamp();
  NEW.hash := audit_log_hash(NEW);
  RETURN NEW;
END
$$;

CREATE FUNCTION audit_log_refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP USING ERRCODE = '42501';
END
$$;

CREATE TRIGGER audit_log_append BEFORE INSERT ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_log_append();
CREATE TRIGGER audit_log_refuse_change BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
CREATE TRIGGER audit_log_refuse_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();

-- The first entry of an organization's chain that does not fit, or null where all of it is sound.
CREATE FUNCTION verify_audit_log(org UUID) RETURNS BIGINT LANGUAGE sql STABLE AS $$
  SELECT min(chained.position)
    FROM (
      SELECT row_number() OVER (ORDER BY entry.seq) AS position,
             entry.seq,
             entry.hash,
             entry.prev_hash,
             coalesce(lag(entry.hash) OVER (ORDER BY entry.seq), '') AS expected_prev_hash,
             audit_log_hash(entry) AS expected_hash
        FROM audit_log AS entry
       WHERE entry.organization_id = org
    ) AS chained
   WHERE chained.seq <> chained.position
      OR chained.prev_hash <> chained.expected_prev_hash
      OR chained.hash <> chained.expected_hash
$$;
