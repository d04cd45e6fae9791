import packageJson from "../package.json" with { type: "json" };

/** The version of this package: what `--version` prints and what requests are sent as. */
export const AGENT_VERSION: string = packageJson.version;
