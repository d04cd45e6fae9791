-- What a controller with format 5 of the fleet's database left behind. It never changes.
PRAGMA journal_mode = WAL;
PRAGMA foreign_keys = OFF;
BEGIN;
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
, condition_since INTEGER) STRICT;
CREATE TABLE pulse (
  device INTEGER PRIMARY KEY REFERENCES device (number) ON DELETE CASCADE,
  -- Its last check-in, or its enrolment while there was none.
  heard_at INTEGER NOT NULL,
  seen_at INTEGER,
  last_sequence INTEGER NOT NULL,
  clock_skew INTEGER NOT NULL
) STRICT;
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
  unproven INTEGER, canary INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device, product)
) STRICT, WITHOUT ROWID;
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
, traits TEXT NOT NULL DEFAULT '{}') STRICT;
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
  attempt_at INTEGER, signature INTEGER,
  PRIMARY KEY (promotion, device)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE signature_device (
  signature INTEGER NOT NULL REFERENCES signature (number) ON DELETE CASCADE,
  device INTEGER NOT NULL REFERENCES device (number) ON DELETE CASCADE,
  -- One of the same signature, and gone with it.
  tally INTEGER NOT NULL,
  PRIMARY KEY (signature, device)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE row_count (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;
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
CREATE TABLE census (
  number INTEGER PRIMARY KEY,
  product TEXT NOT NULL,
  channel TEXT,
  version TEXT,
  platform TEXT NOT NULL,
  tenant TEXT,
  site TEXT,
  devices INTEGER NOT NULL DEFAULT 0 CHECK (devices >= 0),
  canaries INTEGER NOT NULL DEFAULT 0 CHECK (canaries >= 0)
) STRICT;
CREATE TABLE adoption (
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  version TEXT NOT NULL,
  tenant TEXT NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY (product, channel, at, version, tenant)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollout_point (
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- JSON: only shown.
  point TEXT NOT NULL,
  PRIMARY KEY (product, channel, version, commit_id, at),
  FOREIGN KEY (product, channel, version, commit_id)
    REFERENCES rollout (product, channel, version, commit_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE headcount (
  product TEXT NOT NULL,
  tenant TEXT NOT NULL,
  site TEXT NOT NULL,
  platform TEXT NOT NULL,
  condition TEXT NOT NULL,
  version TEXT NOT NULL,
  channel TEXT NOT NULL,
  cause TEXT NOT NULL,
  devices INTEGER NOT NULL CHECK (devices >= 0),
  PRIMARY KEY (tenant, product, site, platform, condition, version, channel, cause)
) STRICT, WITHOUT ROWID;
INSERT INTO device (number, id, tenant, site, labels, platform, facts, agent_version, address, enrolled_at, key_generation, cloned_since, copy_of, below_minimum, standing, condition, condition_since)
  VALUES (1, 'd-1', 'acme', 'berlin', '{"ring":"canary"}', 'linux-x64', '{"glibc":"2.31"}', '1.0.0', '192.0.2.1', 1800000000, 1, NULL, NULL, NULL, 'failed', 'failed', 1800000010);
INSERT INTO pulse (device, heard_at, seen_at, last_sequence, clock_skew)
  VALUES (1, 1800000010, 1800000010, 11, 0);
INSERT INTO device_key (device, generation, public_key, since)
  VALUES (1, 1, 'key of d-1', 1800000000);
INSERT INTO device_label (device, name, value)
  VALUES (1, 'ring', 'canary');
INSERT INTO installation (device, product, format, version, digest, journal, channel, applied_channel, details, since, platform, tenant, attempt_at, failed_cause, unproven, canary)
  VALUES (1, 'agent', 'binary', '1.0.0', 'sha256 of 1.0.0', 'idle', 'beta', 'stable', '{"blocked":[]}', 1800000010, 'linux-x64', 'acme', 1800000010, 'confirm-failed', NULL, 0);
INSERT INTO promotion (number, product, version, channel, commit_id, first_offer_at, last_offer_at)
  VALUES (1, 'agent', '2.0.0', 'stable', '1111111111111111111111111111111111111111', 1800000010, 1800000010);
INSERT INTO tally (number, promotion, platform, tenant, site, offered, confirmed, failed, excused, traits)
  VALUES (1, 1, 'linux-x64', 'acme', 'berlin', 1, 0, 1, 0, '{"glibc":"2.31"}');
INSERT INTO offer (promotion, device, tally, offered_at, outcome, cause, outcome_at, attempt_at, signature)
  VALUES (1, 1, 1, 1800000010, 'failed', 'confirm-failed', 1800000010, 1800000010, 1);
INSERT INTO signature (number, product, version, text, cause, last_at)
  VALUES (1, 'agent', '2.0.0', 'the program ended with #', 'confirm-failed', 1800000010);
INSERT INTO signature_tally (number, signature, platform, tenant, devices, first_at, last_at, example)
  VALUES (1, 1, 'linux-x64', 'acme', 1, 1800000010, 1800000010, 'the program ended with 17');
INSERT INTO signature_device (signature, device, tally)
  VALUES (1, 1, 1);
INSERT INTO attempt (number, device, id, tenant, product, kind, from_version, to_version, to_digest, started_at, ended_at, step, outcome, cause, code, message, log, request, reported_at, signature, happened_at, counted)
  VALUES (1, 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'acme', 'agent', 'update', '1.0.0', '2.0.0', 'sha256 of 2.0.0', 1800000000, 1800000010, 'confirming', 'rolled-back', 'confirm-failed', 'install/not-confirmed', 'the program ended with 17', 'it''s the end', NULL, 1800000010, 'the program ended with #', 1800000010, 'failed');
INSERT INTO row_count (name, rows)
  VALUES ('attempt', 1);
INSERT INTO rollout (product, channel, version, commit_id, state, reason, since, next_at, allowed, marks, counted_from, judgement, ended_at)
  VALUES ('agent', 'stable', '2.0.0', '1111111111111111111111111111111111111111', 'halted', '1 of 1 failed', 1800000000, NULL, 10000, '[{"at":1800000000,"kind":"halt","text":"1 of 1 failed"}]', NULL, '{"strata":[],"gate":null,"checks":[],"opening":null}', NULL);
INSERT INTO overlay (product, channel, version, commit_id, kind, reason, waves, at, ended_at, ended_by)
  VALUES ('agent', 'stable', '2.0.0', '1111111111111111111111111111111111111111', 'halt', '1 of 1 failed', NULL, 1800000000, NULL, NULL);
INSERT INTO request (number, id, device, kind, product, asked_by, asked_at, expires_at, deliveries, delivered_at, ended_at, result, text)
  VALUES (1, 'ffffffffffffffffffffffffffffffff', 1, 'update', 'agent', 'ada', 1800000000, 1802419200, 1, 1800000010, NULL, NULL, NULL);
INSERT INTO token (digest, id, tenant, site, labels, created_at, created_by, expires_at, uses_left, uses, revoked_at)
  VALUES ('digest of token of d-1 at 1800000000', 'token of d-1 at 1800000000', 'acme', 'berlin', '{"ring":"canary"}', 1800000000, 'ada', 1831536000, 999999, 1, NULL);
INSERT INTO person (name, token_digest, role, tenants, created_at, expires_at)
  VALUES ('bob', 'digest of bob', 'viewer', '["acme"]', 1800000000, NULL);
INSERT INTO audit (sequence, at, actor, actor_from, action, subject, tenant, before, after)
  VALUES (1, 1800000000, 'ada', '192.0.2.7', 'token.create', 'token token of d-1 at 1800000000', 'acme', 'null', '{"tenant":"acme","site":"berlin","labels":{"ring":"canary"},"expiresAt":1831536000,"usesLeft":1000000}');
INSERT INTO audit (sequence, at, actor, actor_from, action, subject, tenant, before, after)
  VALUES (2, 1800000000, 'ada', '192.0.2.7', 'request.update', 'device d-1', 'acme', 'null', '{"id":"ffffffffffffffffffffffffffffffff","product":"agent","expiresAt":1802419200}');
INSERT INTO audit (sequence, at, actor, actor_from, action, subject, tenant, before, after)
  VALUES (3, 1800000000, 'ada', '192.0.2.7', 'person.create', 'person bob', NULL, 'null', '{"role":"viewer","tenants":["acme"],"expiresAt":null}');
INSERT INTO census (number, product, channel, version, platform, tenant, site, devices, canaries)
  VALUES (1, 'agent', 'stable', '1.0.0', 'linux-x64', 'acme', 'berlin', 1, 0);
INSERT INTO adoption (product, channel, at, version, tenant, change)
  VALUES ('agent', 'stable', 1800000010, '1.0.0', 'acme', 1);
INSERT INTO headcount (product, tenant, site, platform, condition, version, channel, cause, devices)
  VALUES ('', 'acme', 'berlin', 'linux-x64', 'failed', '', '', '', 1);
INSERT INTO headcount (product, tenant, site, platform, condition, version, channel, cause, devices)
  VALUES ('agent', 'acme', 'berlin', 'linux-x64', 'failed', '1.0.0', 'stable', 'confirm-failed', 1);
CREATE INDEX device_by_tenant ON device (tenant);
CREATE INDEX device_by_tenant_and_condition ON device (tenant, condition);
CREATE INDEX device_by_site ON device (site) WHERE site IS NOT NULL;
CREATE INDEX device_by_platform ON device (platform);
CREATE INDEX device_by_condition ON device (condition);
CREATE INDEX device_by_enrolment ON device (enrolled_at);
CREATE INDEX device_by_original ON device (copy_of, enrolled_at) WHERE copy_of IS NOT NULL;
CREATE INDEX pulse_by_time ON pulse (heard_at);
CREATE INDEX device_label_by_value ON device_label (name, value);
CREATE INDEX installation_with_version ON installation (version, device);
CREATE INDEX installation_of_product ON installation (product, device);
CREATE INDEX installation_by_channel ON installation (applied_channel, device) WHERE applied_channel IS NOT NULL;
CREATE INDEX installation_by_cause ON installation (failed_cause, device) WHERE failed_cause IS NOT NULL;
CREATE INDEX offer_to_device ON offer (device);
CREATE INDEX offer_by_outcome ON offer (promotion, outcome, outcome_at, offered_at, tally);
CREATE UNIQUE INDEX signature_tally_of_kind ON signature_tally (signature, platform, ifnull(tenant, ''));
CREATE INDEX signature_of_device ON signature_device (device);
CREATE INDEX attempt_by_device ON attempt (device);
CREATE INDEX attempt_by_tenant ON attempt (tenant) WHERE tenant IS NOT NULL;
CREATE INDEX attempt_by_version ON attempt (product, to_version);
CREATE INDEX attempt_failed ON attempt (product, to_version) WHERE cause IS NOT NULL;
CREATE TRIGGER attempt_came AFTER INSERT ON attempt BEGIN
  UPDATE row_count SET rows = rows + 1 WHERE name = 'attempt';
END;
CREATE TRIGGER attempt_went AFTER DELETE ON attempt BEGIN
  UPDATE row_count SET rows = rows - 1 WHERE name = 'attempt';
END;
CREATE INDEX request_of_device ON request (device);
CREATE INDEX request_waiting ON request (device) WHERE ended_at IS NULL;
CREATE INDEX request_to_expire ON request (expires_at) WHERE ended_at IS NULL;
CREATE INDEX audit_by_tenant ON audit (tenant);
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'what was written to the audit log never changes');
END;
CREATE UNIQUE INDEX tally_of_kind ON tally (promotion, platform, ifnull(tenant, ''), ifnull(site, ''), traits);
CREATE UNIQUE INDEX census_of_kind ON census
  (product, ifnull(channel, ''), ifnull(version, ''), platform, ifnull(tenant, ''), ifnull(site, ''));
CREATE INDEX census_of_channel ON census (product, channel);
CREATE INDEX adoption_finer_than_5_minutes ON adoption (at) WHERE at % 300 <> 0;
CREATE INDEX adoption_finer_than_an_hour ON adoption (at) WHERE at % 3600 <> 0;
CREATE INDEX offer_by_signature ON offer (promotion, outcome, signature, cause, tally, outcome_at)
  WHERE outcome IN ('failed', 'excused');
CREATE TRIGGER headcount_line_emptied AFTER UPDATE ON headcount WHEN NEW.devices = 0 BEGIN
  DELETE FROM headcount
  WHERE product = NEW.product AND tenant = NEW.tenant AND site = NEW.site AND platform = NEW.platform
    AND condition = NEW.condition AND version = NEW.version AND channel = NEW.channel AND cause = NEW.cause;
END;
CREATE TRIGGER device_came AFTER INSERT ON device BEGIN
  INSERT INTO headcount
    VALUES ('', ifnull(NEW.tenant, ''), ifnull(NEW.site, ''), NEW.platform, NEW.condition, '', '', '', 1)
    ON CONFLICT DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER device_changed AFTER UPDATE OF tenant, site, platform, condition ON device
WHEN OLD.tenant IS NOT NEW.tenant OR OLD.site IS NOT NEW.site OR OLD.platform <> NEW.platform
  OR OLD.condition <> NEW.condition
BEGIN
  
  UPDATE headcount SET devices = devices - 1
  WHERE product = '' AND tenant = ifnull(OLD.tenant, '') AND site = ifnull(OLD.site, '')
    AND platform = OLD.platform AND condition = OLD.condition AND version = '' AND channel = '' AND cause = '';
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT product, ifnull(OLD.tenant, ''), ifnull(OLD.site, ''), OLD.platform, OLD.condition,
      ifnull(version, ''), ifnull(applied_channel, ''), ifnull(failed_cause, '')
    FROM installation WHERE device = OLD.number);
  INSERT INTO headcount
    SELECT '', ifnull(NEW.tenant, ''), ifnull(NEW.site, ''), NEW.platform, NEW.condition, '', '', '', 1
    UNION ALL
    SELECT product, ifnull(NEW.tenant, ''), ifnull(NEW.site, ''), NEW.platform, NEW.condition,
      ifnull(version, ''), ifnull(applied_channel, ''), ifnull(failed_cause, ''), 1
    FROM installation WHERE device = NEW.number
    ON CONFLICT DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER device_went BEFORE DELETE ON device BEGIN
  
  UPDATE headcount SET devices = devices - 1
  WHERE product = '' AND tenant = ifnull(OLD.tenant, '') AND site = ifnull(OLD.site, '')
    AND platform = OLD.platform AND condition = OLD.condition AND version = '' AND channel = '' AND cause = '';
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT product, ifnull(OLD.tenant, ''), ifnull(OLD.site, ''), OLD.platform, OLD.condition,
      ifnull(version, ''), ifnull(applied_channel, ''), ifnull(failed_cause, '')
    FROM installation WHERE device = OLD.number);
END;
CREATE TRIGGER installation_came AFTER INSERT ON installation BEGIN
  
  INSERT INTO headcount
    SELECT NEW.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(NEW.version, ''), ifnull(NEW.applied_channel, ''), ifnull(NEW.failed_cause, ''), 1
    FROM device WHERE number = NEW.device
    ON CONFLICT DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER installation_changed AFTER UPDATE OF version, applied_channel, failed_cause ON installation
WHEN OLD.version IS NOT NEW.version OR OLD.applied_channel IS NOT NEW.applied_channel
  OR OLD.failed_cause IS NOT NEW.failed_cause
BEGIN
  
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT OLD.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(OLD.version, ''), ifnull(OLD.applied_channel, ''), ifnull(OLD.failed_cause, '')
    FROM device WHERE number = OLD.device);
  
  INSERT INTO headcount
    SELECT NEW.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(NEW.version, ''), ifnull(NEW.applied_channel, ''), ifnull(NEW.failed_cause, ''), 1
    FROM device WHERE number = NEW.device
    ON CONFLICT DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER installation_went AFTER DELETE ON installation BEGIN
  
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT OLD.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(OLD.version, ''), ifnull(OLD.applied_channel, ''), ifnull(OLD.failed_cause, '')
    FROM device WHERE number = OLD.device);
END;
CREATE INDEX installation_by_version ON installation (product, version, platform, applied_channel, format, tenant);
PRAGMA user_version = 5;
PRAGMA application_id = 1181502564;
COMMIT;
