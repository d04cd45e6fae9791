import { isSha256Hex } from "./digest.ts";
import { KeptByIdentity } from "./kept-by-identity.ts";
import { releaseTargetPath } from "./manifest-names.ts";
import { ProtocolError } from "./protocol-error.ts";
import {
  badDocument,
  describe,
  entries,
  integer,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from "./read-json.ts";
import {
  ARTIFACT_FORMATS,
  PACKAGE_FORMATS,
  type Release,
  type ReleaseArtifact,
  type ReleaseCustom,
  type Releases,
  SEVERITIES,
  signedScheme,
} from "./release.ts";
import type { Requirements } from "./requirements.ts";
import { pointerToken } from "./scope.ts";
import type { TargetFile, TargetsRole } from "./tuf/roles.ts";
import type { VersionScheme } from "./version.ts";
import { VERSION_SCHEMES } from "./version.ts";

const version = text({ max: 64, form: /^[0-9A-Za-z][0-9A-Za-z.-]*$/, what: "a version" });
const fileName = text({
  max: 128,
  form: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  what: "a path that ends in a plain file name",
});
const range = text({ max: 256 });
const size = integer(0);

const sha256 = text({ max: 64, form: /^[0-9a-f]{64}$/, what: "64 hexadecimal digits" });
const releasePackage = object(
  {
    name: text({ max: 128, form: /^[A-Za-z0-9][A-Za-z0-9+._-]*$/, what: "the name of a package" }),
    version: text({
      max: 128,
      form: /^[0-9A-Za-z][0-9A-Za-z.+~:_^-]*$/,
      what: "the whole version of a package",
    }),
    repository: optional(
      text({ max: 128, form: /^[A-Za-z0-9][A-Za-z0-9._-]*$/, what: "a repository's name" }),
    ),
    file: optional(object({ size, sha256 }, "ignore")),
  },
  "ignore",
);
const delta = object(
  { from: sha256, file: fileName, size, sha256, url: optional(text({ max: 2048 })) },
  "ignore",
);

const reason = text({ max: 500 });
const knownRequirements = {
  glibc: optional(range),
  musl: optional(range),
  kernel: optional(range),
  os: optional(record(range, 50, text({ max: 63 }))),
  macos: optional(range),
  windowsBuild: optional(range),
  cpu: optional(list(text({ max: 32 }), 50)),
  memory: optional(size),
  disk: optional(size),
};
const readRequirements = object(knownRequirements, "ignore");
/** A requirement that is newer than this program stops the one artifact that has it, not the whole role. */
const requirements: Reader<Requirements> = (value, at) => {
  const read = readRequirements(value, at);
  const unknown = entries(value, at).flatMap(([name]) =>
    Object.hasOwn(knownRequirements, name) ? [] : name,
  );
  return unknown.length === 0 ? read : { ...read, unknown: unknown.slice(0, 10) };
};

const members = {
  product: text({ max: 63 }),
  version,
  platform: text({ max: 64, form: /^[a-z0-9]+-[a-z0-9_]+$/, what: "a platform such as linux-x64" }),
  format: oneOf(...ARTIFACT_FORMATS),
  severity: oneOf(...SEVERITIES),
  versionScheme: optional(oneOf(...VERSION_SCHEMES)),
  upgradeFrom: optional(range),
  barrier: optional(object({ reason: optional(reason) }, "ignore")),
  deadEnd: optional(object({ reason, url: optional(text({ max: 512 })) }, "ignore")),
  rollbackTo: optional(range),
  requires: optional(requirements),
  package: optional(releasePackage),
  deltas: optional(list(delta, 20)),
  critical: optional(list(text({ max: 64 }), 100)),
  active: optional(oneOf(false)),
  releaseNotes: optional(text({ max: 65_536 })),
  url: optional(text({ max: 2048 })),
};
/** Unknown members are ignored: a later builder may add some, and an older agent must still find its update. */
const said: Reader<ReleaseCustom> = object(members, "ignore");
const anyKind = object(
  { format: text({ max: 32 }), critical: optional(list(text({ max: 64 }), 100)) },
  "ignore",
);

/** Members of `custom` that are about the version, so that all of its artifacts must agree on them. */
const OF_THE_VERSION = [
  "severity",
  "upgradeFrom",
  "barrier",
  "deadEnd",
  "rollbackTo",
  "releaseNotes",
] as const;

/**
 * What the builder signed about one artifact; `undefined` for one that this program cannot install: it does not know its
 * format, or something that the builder calls critical.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readReleaseCustom(path: string, file: TargetFile): ReleaseCustom | undefined {
  const at = `/targets/${pointerToken(path)}/custom`;
  const { format, critical = [] } = anyKind(file.custom, at);
  if (!ARTIFACT_FORMATS.some((name) => name === format)) return undefined;
  return critical.every((name) => Object.hasOwn(members, name)) ? said(file.custom, at) : undefined;
}

const known = new KeptByIdentity<TargetsRole, { readonly product: string; readonly releases: Releases }>();

/**
 * Reads the verified role `releases-<product>` as the versions that it lists. One target that contradicts its path, its
 * siblings or the version scheme of the others makes it refuse the whole role, since nobody can tell which of them the
 * release key meant. Artifacts of formats that this program does not know are left out. Reading the same role object
 * again gives the same value.
 *
 * @throws ProtocolError `protocol/bad-document`, with the target as a JSON pointer
 */
export function readReleases(product: string, role: TargetsRole): Releases {
  const before = known.get(role);
  if (before?.product === product) return before.releases;
  const releases = readReleasesAnew(product, role);
  known.set(role, { product, releases });
  return releases;
}

/** The same, which nothing keeps. */
export function readReleasesAnew(product: string, role: TargetsRole): Releases {
  const versions = new Map<string, { first: ReleaseCustom; artifacts: ReleaseArtifact[] }>();
  let scheme: VersionScheme | undefined;
  for (const [path, file] of Object.entries(role.targets)) {
    const at = `/targets/${pointerToken(path)}`;
    const said = readReleaseCustom(path, file);
    if (said === undefined) continue;
    scheme ??= signedScheme(said);
    if (signedScheme(said) !== scheme) {
      const expected = `${scheme} as in the other versions of ${product}`;
      throw badDocument(`${at}/custom/versionScheme`, expected, signedScheme(said));
    }
    const artifact = readArtifact(product, path, file, said, at);
    const siblings = versions.get(said.version);
    if (siblings === undefined) {
      versions.set(said.version, { first: said, artifacts: [artifact] });
      continue;
    }
    for (const key of OF_THE_VERSION) {
      if (saysTheSame(said[key], siblings.first[key])) continue;
      const expected = `${describe(siblings.first[key])} as in the other artifacts of ${said.version}`;
      throw badDocument(`${at}/custom/${key}`, expected, said[key]);
    }
    if (
      siblings.artifacts.some(
        ({ platform, format }) => platform === artifact.platform && format === artifact.format,
      )
    ) {
      throw new ProtocolError(
        "protocol/bad-document",
        `${at}: expected one ${artifact.format} of ${said.version} for ${artifact.platform}, got a second one`,
      );
    }
    siblings.artifacts.push(artifact);
  }
  return [...versions.values()].map(({ first, artifacts }) => toRelease(first, artifacts));
}

/** One target, whose path must say what its `custom` says. */
function readArtifact(
  product: string,
  path: string,
  file: TargetFile,
  said: ReleaseCustom,
  at: string,
): ReleaseArtifact {
  const name = fileName(path.slice(path.lastIndexOf("/") + 1), at);
  if (said.product !== product)
    throw badDocument(`${at}/custom/product`, JSON.stringify(product), said.product);
  if (PACKAGE_FORMATS.some((format) => format === said.format) !== (said.package !== undefined)) {
    throw badDocument(
      `${at}/custom/package`,
      `what a ${said.format} must say, and no other format`,
      said.package,
    );
  }
  const expected = releaseTargetPath(product, said.version, said.platform, name);
  if (path !== expected) throw badDocument(at, `the path ${expected}, which its custom says`, path);
  const sha256 = Object.hasOwn(file.hashes, "sha256") ? file.hashes.sha256 : undefined;
  if (!isSha256Hex(sha256)) throw badDocument(`${at}/hashes/sha256`, "64 hexadecimal digits", sha256);
  return {
    platform: said.platform,
    format: said.format,
    target: path,
    size: size(file.length, `${at}/length`),
    sha256,
    ...(said.active === undefined ? {} : { active: said.active }),
    ...(said.requires === undefined ? {} : { requires: said.requires }),
    ...(said.package === undefined ? {} : { package: said.package }),
    ...(said.deltas === undefined ? {} : { deltas: said.deltas }),
  };
}

/** Readers put the members of a document in an order of their own, so equal values give equal text. */
function saysTheSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function toRelease(said: ReleaseCustom, artifacts: readonly ReleaseArtifact[]): Release {
  return {
    version: said.version,
    active: artifacts.some(({ active }) => active !== false),
    severity: said.severity,
    ...(said.versionScheme === undefined ? {} : { versionScheme: said.versionScheme }),
    ...(said.upgradeFrom === undefined ? {} : { upgradeFrom: said.upgradeFrom }),
    ...(said.barrier === undefined ? {} : { barrier: said.barrier }),
    ...(said.deadEnd === undefined ? {} : { deadEnd: said.deadEnd }),
    ...(said.rollbackTo === undefined ? {} : { rollbackTo: said.rollbackTo }),
    ...(said.releaseNotes === undefined ? {} : { releaseNotes: said.releaseNotes }),
    artifacts,
  };
}
