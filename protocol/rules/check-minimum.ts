import type { DecisionContext } from "../decision-context.ts";
import type { ChannelPolicy } from "../policy.ts";
import { compareVersions } from "../version.ts";

interface Minimum {
  readonly version: string;
  readonly where: string;
}

/** The highest of the minimum versions that apply. */
export function highestMinimum(context: DecisionContext, channel: ChannelPolicy): Minimum | undefined {
  const { policy, scheme } = context;
  const minimums = [
    { version: policy.fleet.minVersion, where: "fleet.yaml#/minVersion" },
    { version: policy.minVersion, where: `${context.productFolder}/product.yaml#/minVersion` },
    { version: channel.minVersion, where: context.inChannelFile("/minVersion") },
  ];
  let highest: Minimum | undefined;
  for (const { version, where } of minimums) {
    if (version === undefined) continue;
    if (highest === undefined || compareVersions(scheme, version, highest.version) > 0) {
      highest = { version, where };
    }
  }
  return highest;
}

/** Rule 4. Sets `context.belowMinimum`. */
export function checkMinimum(context: DecisionContext, channel: ChannelPolicy): void {
  const { scheme, installed, trail } = context;
  const highest = highestMinimum(context, channel);
  if (highest === undefined || installed === null) return;
  if (compareVersions(scheme, installed, highest.version) < 0) {
    context.belowMinimum = highest.version;
    const text = `${installed} is below the minimum ${highest.version}: it must update now`;
    trail.add("minVersion", "set", text, highest.where);
  } else {
    const text = `${installed} satisfies the minimum ${highest.version}`;
    trail.add("minVersion", "pass", text, highest.where);
  }
}
