import { createHash } from "node:crypto";
import { schemaLine } from "../edit/schema-line.ts";
import type { ScaffoldFile } from "./scaffold-file.ts";

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
const VERSIONS = [
  { version: "1.0.0", notes: "The first version.", rollbackTo: undefined },
  { version: "1.1.0", notes: "Greets by name.", rollbackTo: ">=1.0.0" },
] as const;

/**
 * A small fleet to start from: one product in two versions on two channels, and one tenant. The product is a shell
 * script that reports its version, so that an agent can install it for real.
 */
export function exampleState(product: string): ScaffoldFile[] {
  return [
    { path: "fleet.yaml", content: fleet() },
    { path: `products/${product}/product.yaml`, content: productFile(product) },
    { path: `products/${product}/channels/stable.yaml`, content: stableChannel() },
    { path: `products/${product}/channels/beta.yaml`, content: betaChannel() },
    { path: "tenants/example.yaml", content: tenant() },
    { path: "expectations/promises.yaml", content: expectations() },
    ...VERSIONS.flatMap(({ version, notes, rollbackTo }): ScaffoldFile[] => {
      const script = executable(product, version);
      return [
        { path: artifactPath(product, version), content: script, executable: true },
        {
          path: `products/${product}/versions/${version}.yaml`,
          content: versionFile(product, version, notes, rollbackTo, script),
        },
      ];
    }),
  ];
}

function artifactPath(product: string, version: string): string {
  return `artifacts/${product}-${version}`;
}

function executable(product: string, version: string): string {
  return `#!/bin/sh
# ${product} ${version}, as \`fairlead init\` made it: put your own executable in its place.
case "\${1:-}" in
  --version) echo ${version} ;;
  *) echo "${product} ${version} says hello\${1:+ to $1}" ;;
esac
`;
}

function fleet(): string {
  return `${schemaLine("fleet", 0)}schemaVersion: 1
defaultChannel: stable
checkInterval: 5m
`;
}

function productFile(product: string): string {
  return `${schemaLine("product", 2)}description: ${product}, the example of fairlead init
`;
}

function stableChannel(): string {
  return `${schemaLine("channel", 3)}version: 1.0.0
rollout:
  # Cumulative, counted from the first publication of what is promoted.
  waves:
    - {percent: 10, after: 0s}
    - {percent: 50, after: 4h}
    - {percent: 100, after: 1d}
promotion: {from: beta, soak: 24h}
staleAfter: 30d
`;
}

function betaChannel(): string {
  return `${schemaLine("channel", 3)}version: 1.1.0
`;
}

function versionFile(
  product: string,
  version: string,
  notes: string,
  rollbackTo: string | undefined,
  script: string,
): string {
  const sha256 = createHash("sha256").update(script).digest("hex");
  const artifacts = PLATFORMS.map(
    (platform) => `  - platform: ${platform}
    format: binary
    url: ${artifactPath(product, version)}
    size: ${Buffer.byteLength(script)}
    sha256: ${sha256}
`,
  );
  const rollback = rollbackTo === undefined ? "" : `rollbackTo: "${rollbackTo}"\n`;
  return `${schemaLine("version", 3)}version: ${version}
releaseNotes: ${notes}
${rollback}artifacts:
${artifacts.join("")}`;
}

function expectations(): string {
  return `${schemaLine("expectations", 1)}# What must stay so whatever else changes. \`fairlead validate\`, which CI runs, refuses a change that breaks one of these,
# and \`fairlead plan\` says which. \`fairlead expect --record\` writes more of them.
expect:
  - that: what is in beta is tried at the pilot site alone
    for: {tenant: example, except: {sites: [pilot]}}
    never: {channel: beta}
  - that: no more than half of the machines change within an hour
    for: {channel: stable}
    atMost: {share: 50%, of: tenant, within: 1h}
`;
}

function tenant(): string {
  return `${schemaLine("tenant", 1)}channel: stable
sites:
  pilot: {channel: beta}
`;
}
