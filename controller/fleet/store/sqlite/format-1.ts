/**
 * The first format of the database. It never changes: what comes later is a migration of its own.
 *
 * Rows refer to each other by small numbers, since there are hundreds of thousands of them. What each check-in
 * changes stands by itself in `pulse`, so that a check-in with no news writes forty bytes and not the whole device.
 */
export const FORMAT_1 = `
CREATE TABLE device (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT,
  site TEXT,
  labels TEXT NOT NULL,
  platform TEXT NOT NULL,
  facts TEXT,
  agent_version TEXT NOT NULL,
  address TEXT,
  enrolled_at INTEGER NOT NULL,
  key_generation INTEGER NOT NULL,
  cloned_since INTEGER,
  copy_of TEXT,
  below_minimum TEXT,
  -- By its last check-in alone.
  standing TEXT NOT NULL CHECK (standing IN ('current', 'behind', 'updating', 'failed', 'refused')),
  -- No generated column: an index over one of those is never read without the row.
  condition TEXT NOT NULL CHECK (condition = iif(cloned_since IS NULL, standing, 'cloned'))
) STRICT;
CREATE INDEX device_by_tenant ON device (tenant);
CREATE INDEX device_by_tenant_and_condition ON device (tenant, condition);
CREATE INDEX device_by_site ON device (site) WHERE site IS NOT NULL;
CREATE INDEX device_by_platform ON device (platform);
CREATE INDEX device_by_condition ON device (condition);
CREATE INDEX device_by_enrolment ON device (enrolled_at);
CREATE INDEX device_by_original ON device (copy_of, enrolled_at) WHERE copy_of IS NOT NULL;

CREATE TABLE pulse (
  device INTEGER PRIMARY KEY REFERENCES device (number) ON DELETE CASCADE,
  -- Its last check-in, or its enrolment while there was none.
  heard_at INTEGER NOT NULL,
  seen_at INTEGER,
  last_sequence INTEGER NOT NULL,
  clock_skew INTEGER NOT NULL
) STRICT;
CREATE INDEX pulse_by_time ON pulse (heard_at);

CREATE TABLE device_key (
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  public_key TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL,
  PRIMARY KEY (device, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_label (
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (device, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_label_by_value ON device_label (name, value);

CREATE TABLE installation (
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  product TEXT NOT NULL,
  format TEXT NOT NULL,
  version TEXT,
  digest TEXT,
  journal TEXT NOT NULL,
  channel TEXT,
  applied_channel TEXT,
  -- JSON: what is only shown.
  details TEXT NOT NULL,
  since INTEGER NOT NULL,
  -- Those of the device, for counting without looking at it.
  platform TEXT NOT NULL,
  tenant TEXT,
  -- The last attempt by when it ended, and its cause where it failed.
  attempt_at INTEGER,
  failed_cause TEXT,
  -- An attempt that said confirmed, until a later check-in shows what runs.
  unproven INTEGER,
  PRIMARY KEY (device, product)
) STRICT, WITHOUT ROWID;
CREATE INDEX installation_by_version ON installation (product, version, platform, applied_channel, tenant);
CREATE INDEX installation_with_version ON installation (version, device);
CREATE INDEX installation_of_product ON installation (product, device);
CREATE INDEX installation_by_channel ON installation (applied_channel, device) WHERE applied_channel IS NOT NULL;
CREATE INDEX installation_by_cause ON installation (failed_cause, device) WHERE failed_cause IS NOT NULL;

CREATE TABLE promotion (
  number INTEGER PRIMARY KEY,
  product TEXT NOT NULL,
  version TEXT NOT NULL,
  channel TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  first_offer_at INTEGER NOT NULL,
  last_offer_at INTEGER NOT NULL,
  UNIQUE (product, version, channel, commit_id)
) STRICT;

-- How many devices of one platform, tenant and site stand how to a promotion: always the sum over its offers.
CREATE TABLE tally (
  number INTEGER PRIMARY KEY,
  promotion INTEGER NOT NULL REFERENCES promotion (number) ON DELETE CASCADE,
  platform TEXT NOT NULL,
  tenant TEXT,
  site TEXT,
  offered INTEGER NOT NULL DEFAULT 0 CHECK (offered >= 0),
  confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
  excused INTEGER NOT NULL DEFAULT 0 CHECK (excused >= 0)
) STRICT;
CREATE UNIQUE INDEX tally_of_kind ON tally (promotion, platform, ifnull(tenant, ''), ifnull(site, ''));

CREATE TABLE offer (
  promotion INTEGER NOT NULL REFERENCES promotion (number) ON DELETE CASCADE,
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  -- One of the same promotion, and gone with it.
  tally INTEGER NOT NULL,
  offered_at INTEGER NOT NULL,
  outcome TEXT CHECK (outcome IN ('confirmed', 'excused', 'failed')),
  cause TEXT,
  -- When it was reported.
  outcome_at INTEGER,
  -- When the attempt ended that the outcome is of.
  attempt_at INTEGER,
  PRIMARY KEY (promotion, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_to_device ON offer (device);
CREATE INDEX offer_by_outcome ON offer (promotion, outcome, outcome_at, offered_at, tally);

CREATE TABLE signature (
  number INTEGER PRIMARY KEY,
  product TEXT NOT NULL,
  version TEXT NOT NULL,
  text TEXT NOT NULL,
  cause TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE (product, version, text, cause)
) STRICT;

CREATE TABLE signature_tally (
  number INTEGER PRIMARY KEY,
  signature INTEGER NOT NULL REFERENCES signature (number) ON DELETE CASCADE,
  platform TEXT NOT NULL,
  tenant TEXT,
  devices INTEGER NOT NULL DEFAULT 0 CHECK (devices >= 0),
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  example TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX signature_tally_of_kind ON signature_tally (signature, platform, ifnull(tenant, ''));

CREATE TABLE signature_device (
  signature INTEGER NOT NULL REFERENCES signature (number) ON DELETE CASCADE,
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  -- One of the same signature, and gone with it.
  tally INTEGER NOT NULL,
  PRIMARY KEY (signature, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX signature_of_device ON signature_device (device);

CREATE TABLE attempt (
  number INTEGER PRIMARY KEY,
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  tenant TEXT,
  product TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_version TEXT,
  to_version TEXT NOT NULL,
  to_digest TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  step TEXT NOT NULL,
  outcome TEXT NOT NULL,
  cause TEXT,
  code TEXT,
  message TEXT,
  log TEXT,
  request TEXT,
  reported_at INTEGER NOT NULL,
  signature TEXT,
  -- Its end by the controller's clock.
  happened_at INTEGER NOT NULL,
  -- How it counts.
  counted TEXT NOT NULL CHECK (counted IN ('confirmed', 'excused', 'failed')),
  UNIQUE (device, id)
) STRICT;
CREATE INDEX attempt_by_device ON attempt (device);
CREATE INDEX attempt_by_tenant ON attempt (tenant) WHERE tenant IS NOT NULL;
CREATE INDEX attempt_by_version ON attempt (product, to_version);
CREATE INDEX attempt_failed ON attempt (product, to_version) WHERE cause IS NOT NULL;

-- Counted beside the rows, since counting millions of them takes a while.
CREATE TABLE row_count (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO row_count VALUES ('attempt', 0);
CREATE TRIGGER attempt_came AFTER INSERT ON attempt BEGIN
  UPDATE row_count SET rows = rows + 1 WHERE name = 'attempt';
END;
CREATE TRIGGER attempt_went AFTER DELETE ON attempt BEGIN
  UPDATE row_count SET rows = rows - 1 WHERE name = 'attempt';
END;

CREATE TABLE rollout (
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  next_at INTEGER,
  allowed INTEGER NOT NULL,
  marks TEXT NOT NULL,
  counted_from INTEGER,
  -- JSON: what it was judged by.
  judgement TEXT NOT NULL,
  -- Done, or replaced by another promotion.
  ended_at INTEGER,
  PRIMARY KEY (product, channel, version, commit_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE overlay (
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('halt', 'opened')),
  reason TEXT,
  waves INTEGER,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT,
  PRIMARY KEY (product, channel, version, commit_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  product TEXT,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  deliveries INTEGER NOT NULL DEFAULT 0,
  -- The first time.
  delivered_at INTEGER,
  ended_at INTEGER,
  result TEXT,
  text TEXT
) STRICT;
CREATE INDEX request_of_device ON request (device);
CREATE INDEX request_waiting ON request (device) WHERE ended_at IS NULL;
CREATE INDEX request_to_expire ON request (expires_at) WHERE ended_at IS NULL;

CREATE TABLE token (
  digest TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT,
  site TEXT,
  labels TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
  uses INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  name TEXT PRIMARY KEY,
  token_digest TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  tenants TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  actor_from TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  tenant TEXT,
  before TEXT NOT NULL,
  after TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_tenant ON audit (tenant);
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'what was written to the audit log never changes');
END;
`;
