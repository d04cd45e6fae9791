import { createHash } from "node:crypto";

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface HistoryCommit {
  readonly subject: string;
  /** Whole new content of each file that the commit changes. */
  readonly files: Readonly<Record<string, string>>;
}

const TENANTS = ["acme", "globex", "initech"];
const SAYS = {
  new: "",
  yanked: "active: false\nyankReason: it was bad\n",
  back: "active: true\nyankReason: it was fine after all\n",
} as const;
const CHANNELS = ["beta", "stable"] as const;

/**
 * A long life of one product, as people live it: versions appear, are promoted, yanked and rolled back; tenants pin,
 * pause and get windows; now and then a commit is wrong and the next one repairs it.
 */
export function randomHistory(seed: number, length: number): HistoryCommit[] {
  const random = seeded(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const versions: { version: string; active: boolean }[] = [];
  const pointed: Record<(typeof CHANNELS)[number], string> = { beta: "1.0.0", stable: "1.0.0" };

  const versionFile = (version: string, said: "new" | "yanked" | "back"): string => {
    const sha256 = createHash("sha256").update(version).digest("hex");
    return (
      `version: ${version}\n${SAYS[said]}rollbackTo: ">=1.0.0"\nartifacts:\n` +
      `  - {platform: linux-x64, format: binary, url: "https://files.acme.example/${version}", size: 100, sha256: "${sha256}"}\n`
    );
  };
  const versionPath = (version: string): string => `products/agent/versions/${version}.yaml`;
  const channelFile = (channel: (typeof CHANNELS)[number], more = ""): string =>
    `version: ${pointed[channel]}\n${channel === "stable" ? "rollout: {waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\n" : ""}${more}`;
  const channelPath = (channel: string): string => `products/agent/channels/${channel}.yaml`;

  const release = (): HistoryCommit => {
    const version = `1.${versions.length}.0`;
    versions.push({ version, active: true });
    pointed.beta = version;
    return {
      subject: `release ${version} to beta`,
      files: {
        [versionPath(version)]: versionFile(version, "new"),
        [channelPath("beta")]: channelFile("beta"),
      },
    };
  };
  const promote = (): HistoryCommit => {
    const active = versions.filter((known) => known.active);
    pointed.stable = active.at(-1)?.version ?? pointed.stable;
    const files = { [channelPath("stable")]: channelFile("stable") };
    return { subject: `promote ${pointed.stable} to stable`, files };
  };
  const yank = (): HistoryCommit => {
    const known = pick(versions.slice(1));
    if (known === undefined) return release();
    known.active = !known.active;
    const file = versionFile(known.version, known.active ? "back" : "yanked");
    return { subject: `yank or unyank ${known.version}`, files: { [versionPath(known.version)]: file } };
  };
  const rollBack = (): HistoryCommit => {
    const left = pointed.stable;
    const earlier = versions.filter(({ active, version }) => active && version !== left);
    pointed.stable = earlier[0]?.version ?? left;
    const more = left === pointed.stable ? "" : `rollback: {from: [${left}], reason: it was bad}\n`;
    return {
      subject: `roll back to ${pointed.stable}`,
      files: { [channelPath("stable")]: channelFile("stable", more) },
    };
  };
  const changeTenant = (): HistoryCommit => {
    const tenant = pick(TENANTS);
    const said = pick([
      "channel: beta\n",
      "channel: stable\npaused: {reason: incident 7}\n",
      `channel: stable\nproducts: {agent: {pin: {version: ${pick(versions).version}, reason: certified, owner: ops}}}\n`,
      'window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\nsites: {north: {channel: beta}}\n',
      "groups: {canaries: {devices: [d-1, d-2]}}\ndevices: {d-3: {autoUpdate: false}}\n",
    ]);
    return { subject: `change tenant ${tenant}`, files: { [`tenants/${tenant}.yaml`]: said } };
  };
  const breakSomething = (): HistoryCommit => ({
    subject: "a mistake",
    files: {
      [channelPath("beta")]: pick([
        "version: 9.9.9\n",
        "version: [1\n",
        "versoin: 1.0.0\n",
        "\tversion: 1.0.0\n",
        "version: 1.0.0\nversion: 1.0.0\n",
        `version: 1.0.0\nrollout: {waves: [{percent: 5x, after: soon}]}\n`,
      ]),
    },
  });
  const repair = (): HistoryCommit => ({
    subject: "repair it",
    files: { [channelPath("beta")]: channelFile("beta") },
  });

  const first = release();
  const commits: HistoryCommit[] = [
    {
      subject: "begin",
      files: {
        ...first.files,
        "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\n",
        "products/agent/product.yaml": "description: an agent\n",
        [channelPath("stable")]: channelFile("stable"),
      },
    },
  ];
  let isBroken = false;
  while (commits.length < length) {
    const chance = random();
    const next: () => HistoryCommit =
      isBroken && chance < 0.7
        ? repair
        : pick([
            release,
            release,
            promote,
            promote,
            yank,
            rollBack,
            changeTenant,
            changeTenant,
            breakSomething,
          ]);
    isBroken = next === breakSomething || (isBroken && next !== repair && next !== release);
    commits.push(next());
  }
  return commits;
}
