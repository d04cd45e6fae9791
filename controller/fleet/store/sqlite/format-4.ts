/**
 * How many devices stand where and how, counted beside the rows, so that a list says its numbers without reading 100,000 of
 * them: a line for each device (`product` is empty) and one for each of its installations. Triggers keep it, so that no
 * statement can forget to. What is absent is the empty text, which no name is.
 */
export const FORMAT_4 = `
-- NULL: it was so before this was kept.
ALTER TABLE device ADD COLUMN condition_since INTEGER;

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
INSERT INTO headcount
  SELECT '', ifnull(tenant, ''), ifnull(site, ''), platform, condition, '', '', '', count(*)
  FROM device GROUP BY 2, 3, 4, 5;
INSERT INTO headcount
  SELECT i.product, ifnull(d.tenant, ''), ifnull(d.site, ''), d.platform, d.condition,
    ifnull(i.version, ''), ifnull(i.applied_channel, ''), ifnull(i.failed_cause, ''), count(*)
  FROM installation i JOIN device d ON d.number = i.device GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

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
  ${leave("OLD")}
  INSERT INTO headcount
    SELECT '', ifnull(NEW.tenant, ''), ifnull(NEW.site, ''), NEW.platform, NEW.condition, '', '', '', 1
    UNION ALL
    SELECT product, ifnull(NEW.tenant, ''), ifnull(NEW.site, ''), NEW.platform, NEW.condition,
      ifnull(version, ''), ifnull(applied_channel, ''), ifnull(failed_cause, ''), 1
    FROM installation WHERE device = NEW.number
    ON CONFLICT DO UPDATE SET devices = devices + 1;
END;
-- Before its installations go with it, which then find no device to count for.
CREATE TRIGGER device_went BEFORE DELETE ON device BEGIN
  ${leave("OLD")}
END;

CREATE TRIGGER installation_came AFTER INSERT ON installation BEGIN
  ${arrive("NEW")}
END;
CREATE TRIGGER installation_changed AFTER UPDATE OF version, applied_channel, failed_cause ON installation
WHEN OLD.version IS NOT NEW.version OR OLD.applied_channel IS NOT NEW.applied_channel
  OR OLD.failed_cause IS NOT NEW.failed_cause
BEGIN
  ${depart("OLD")}
  ${arrive("NEW")}
END;
CREATE TRIGGER installation_went AFTER DELETE ON installation BEGIN
  ${depart("OLD")}
END;
`;

/** Takes a device and its installations out of their lines. */
function leave(row: "OLD"): string {
  return `
  UPDATE headcount SET devices = devices - 1
  WHERE product = '' AND tenant = ifnull(${row}.tenant, '') AND site = ifnull(${row}.site, '')
    AND platform = ${row}.platform AND condition = ${row}.condition AND version = '' AND channel = '' AND cause = '';
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT product, ifnull(${row}.tenant, ''), ifnull(${row}.site, ''), ${row}.platform, ${row}.condition,
      ifnull(version, ''), ifnull(applied_channel, ''), ifnull(failed_cause, '')
    FROM installation WHERE device = ${row}.number);`;
}

/** Counts an installation where its device stands. */
function arrive(row: "NEW"): string {
  return `
  INSERT INTO headcount
    SELECT ${row}.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(${row}.version, ''), ifnull(${row}.applied_channel, ''), ifnull(${row}.failed_cause, ''), 1
    FROM device WHERE number = ${row}.device
    ON CONFLICT DO UPDATE SET devices = devices + 1;`;
}

/** Counts an installation no longer. */
function depart(row: "OLD"): string {
  return `
  UPDATE headcount SET devices = devices - 1
  WHERE (product, tenant, site, platform, condition, version, channel, cause) IN (
    SELECT ${row}.product, ifnull(tenant, ''), ifnull(site, ''), platform, condition,
      ifnull(${row}.version, ''), ifnull(${row}.applied_channel, ''), ifnull(${row}.failed_cause, '')
    FROM device WHERE number = ${row}.device);`;
}
