/** Versions are counted by how they are installed too: a release leads on only where it has an artifact of that format. */
export const FORMAT_5 = `
DROP INDEX installation_by_version;
CREATE INDEX installation_by_version ON installation (product, version, platform, applied_channel, format, tenant);
`;
