/**
 * Tallies by what a gate tests by itself besides the platform: C library and operating system, as they were when the
 * device was offered the version. What was offered before has no traits, and is counted with the fleet and its platform.
 */
export const FORMAT_2 = `
-- JSON, equal texts for equal traits.
ALTER TABLE tally ADD COLUMN traits TEXT NOT NULL DEFAULT '{}';
DROP INDEX tally_of_kind;
CREATE UNIQUE INDEX tally_of_kind ON tally (promotion, platform, ifnull(tenant, ''), ifnull(site, ''), traits);
`;
