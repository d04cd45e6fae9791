import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import type { Halt, HaltCause, ProductPolicy } from "../../../protocol/policy.ts";

/** What is said of a halt to whoever may not see all tenants: the gate's sentence counts the machines of all. */
const PLAIN_REASON = "this version is known to fail";

export function plainHalt({ gate, ...halted }: Halt): Halt {
  return { ...plain(halted), ...(gate === undefined ? {} : { gate: plain(gate) }) };
}

function plain<Cause extends HaltCause>(cause: Cause): Cause {
  return { ...cause, reason: PLAIN_REASON };
}

const kept = new KeptByIdentity<ProductPolicy, ProductPolicy>();

/** A policy whose halts have no sentences. */
export function withPlainHalts(policy: ProductPolicy): ProductPolicy {
  return kept.of(policy, (whole) => ({
    ...whole,
    channels: Object.fromEntries(
      Object.entries(whole.channels).map(([name, channel]) => [
        name,
        channel.halted === undefined ? channel : { ...channel, halted: plainHalt(channel.halted) },
      ]),
    ),
  }));
}
