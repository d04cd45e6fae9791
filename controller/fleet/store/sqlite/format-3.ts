/**
 * What a rollout is drawn from, counted as it happens: who runs what where, how that came about, what the gate said
 * along the way, and why each offer failed. What is known of before is filled in from attempts, as far as they are kept.
 */
export const FORMAT_3 = `
-- By its last check-in: whether it is a canary of what its channel points to.
ALTER TABLE installation ADD COLUMN canary INTEGER NOT NULL DEFAULT 0;

-- How many machines run which version where: always the sum over installations.
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
CREATE UNIQUE INDEX census_of_kind ON census
  (product, ifnull(channel, ''), ifnull(version, ''), platform, ifnull(tenant, ''), ifnull(site, ''));
CREATE INDEX census_of_channel ON census (product, channel);
INSERT INTO census (product, channel, version, platform, tenant, site, devices)
  SELECT i.product, i.applied_channel, i.version, i.platform, i.tenant, d.site, count(*)
  FROM installation i JOIN device d ON d.number = i.device GROUP BY 1, 2, 3, 4, 5, 6;

-- By how many machines of a channel and a tenant a version grew in the span of time that begins at "at". An empty text
-- stands for none, as no name is empty. The sum of all is what the census says.
CREATE TABLE adoption (
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  version TEXT NOT NULL,
  tenant TEXT NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY (product, channel, at, version, tenant)
) STRICT, WITHOUT ROWID;
CREATE INDEX adoption_finer_than_5_minutes ON adoption (at) WHERE at % 300 <> 0;
CREATE INDEX adoption_finer_than_an_hour ON adoption (at) WHERE at % 3600 <> 0;
-- Each confirmed update, where the channel is that of today; what ran before the first of them came by enrolment.
INSERT INTO adoption
  SELECT i.product, i.applied_channel, d.enrolled_at - d.enrolled_at % 3600,
    ifnull(iif(f.device IS NULL, i.version, f.from_version), ''), ifnull(i.tenant, ''), count(*)
  FROM installation i JOIN device d ON d.number = i.device
  LEFT JOIN (
    SELECT device, product, from_version, min(number) FROM attempt WHERE counted = 'confirmed' GROUP BY device, product
  ) AS f ON f.device = i.device AND f.product = i.product
  WHERE i.applied_channel IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
INSERT INTO adoption
  SELECT i.product, i.applied_channel, a.reported_at - a.reported_at % 3600, a.to_version, ifnull(i.tenant, ''), count(*)
  FROM attempt a JOIN installation i ON i.device = a.device AND i.product = a.product
  WHERE a.counted = 'confirmed' AND i.applied_channel IS NOT NULL GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET change = change + excluded.change;
INSERT INTO adoption
  SELECT i.product, i.applied_channel, a.reported_at - a.reported_at % 3600, ifnull(a.from_version, ''),
    ifnull(i.tenant, ''), -count(*)
  FROM attempt a JOIN installation i ON i.device = a.device AND i.product = a.product
  WHERE a.counted = 'confirmed' AND i.applied_channel IS NOT NULL GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET change = change + excluded.change;

-- What the gate counted and said at one second of a promotion.
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

-- The signature that the outcome is grouped under, as long as that is kept.
ALTER TABLE offer ADD COLUMN signature INTEGER;
UPDATE offer SET signature = (
    SELECT max(s.number) FROM signature_device d JOIN signature s ON s.number = d.signature
    JOIN promotion p ON p.number = offer.promotion
    WHERE d.device = offer.device AND s.product = p.product AND s.version = p.version AND s.cause = offer.cause)
  WHERE outcome IN ('failed', 'excused');
CREATE INDEX offer_by_signature ON offer (promotion, outcome, signature, cause, tally, outcome_at)
  WHERE outcome IN ('failed', 'excused');
`;
