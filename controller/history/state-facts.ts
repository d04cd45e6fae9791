import { flagAt, memberOf, textAt } from "../source/unchecked-yaml.ts";

/**
 * A thing that one state file says and that history reports. Every scalar is a string as it was written, because old
 * commits may hold anything: what is not understood is left out and never an error.
 */
export type StateFact =
  | {
      readonly kind: "channel";
      readonly product: string;
      readonly channel: string;
      readonly version: string | undefined;
      readonly rollbackFrom: readonly string[];
      readonly rollbackReason: string | undefined;
    }
  | {
      readonly kind: "yank";
      readonly product: string;
      readonly version: string;
      readonly isYanked: boolean;
      /** For which alone it is, where it is not as a whole; sorted. */
      readonly platforms: readonly string[];
      readonly reason: string | undefined;
    }
  | {
      readonly kind: "pin";
      readonly scope: string;
      readonly product: string;
      readonly version: string;
      readonly reason: string | undefined;
    }
  | {
      readonly kind: "pause";
      readonly scope: string;
      readonly product: string | undefined;
      readonly channel: string | undefined;
      readonly reason: string | undefined;
    }
  | {
      readonly kind: "halt";
      readonly product: string;
      readonly channel: string;
      readonly version: string;
      readonly reason: string | undefined;
    }
  | {
      readonly kind: "resumed";
      readonly product: string;
      readonly channel: string;
      readonly at: string | undefined;
      readonly reason: string | undefined;
    }
  | {
      readonly kind: "opened";
      readonly product: string;
      readonly channel: string;
      readonly version: string;
      readonly waves: number;
    }
  | {
      readonly kind: "minimum";
      readonly scope: string;
      readonly product: string | undefined;
      readonly channel: string | undefined;
      readonly version: string | undefined;
    }
  | { readonly kind: "follows"; readonly scope: string; readonly channel: string | undefined };

/** The facts of a file, by what they are about: equal keys before and after a commit speak of the same thing. */
export type StateFacts = ReadonlyMap<string, StateFact>;

type Collected = Map<string, StateFact>;

const CHANNEL = /^products\/([^/]+)\/channels\/([^/]+)\.yaml$/;
const VERSION = /^products\/([^/]+)\/versions\/(.+)\.yaml$/;
const PRODUCT = /^products\/([^/]+)\/product\.yaml$/;
const TENANT = /^tenants\/([^/]+)\.yaml$/;

/** Whose file a path is; `undefined` for one of no tenant. */
export function tenantOfFile(path: string): string | undefined {
  return TENANT.exec(path)?.[1];
}

/** @param value what `readUncheckedYaml` gave: anything at all */
export function factsOf(path: string, value: unknown): StateFacts {
  const facts: Collected = new Map();
  const [, channelProduct, channel] = CHANNEL.exec(path) ?? [];
  const [, versionProduct, version] = VERSION.exec(path) ?? [];
  const product = PRODUCT.exec(path)?.[1];
  const tenant = TENANT.exec(path)?.[1];
  if (channelProduct !== undefined && channel !== undefined) {
    addChannel(facts, channelProduct, channel, value);
  } else if (versionProduct !== undefined && version !== undefined) {
    addYank(facts, versionProduct, version, value);
  } else if (product !== undefined) {
    addPause(facts, `product ${product}`, product, undefined, value);
    addMinimum(facts, `product ${product}`, product, undefined, value);
  } else if (tenant !== undefined) {
    addTenant(facts, tenant, value);
  } else if (path === "fleet.yaml") {
    addPause(facts, "fleet", undefined, undefined, value);
    addMinimum(facts, "fleet", undefined, undefined, value);
  }
  return facts;
}

function addChannel(facts: Collected, product: string, channel: string, value: unknown): void {
  const rollback = memberOf(value, "rollback");
  const from = memberOf(rollback, "from");
  facts.set("channel", {
    kind: "channel",
    product,
    channel,
    version: textAt(value, "version"),
    rollbackFrom: Array.isArray(from) ? from.filter((item) => typeof item === "string") : [],
    rollbackReason: textAt(rollback, "reason"),
  });
  addPause(facts, `channel ${product}/${channel}`, product, channel, value);
  addMinimum(facts, `channel ${product}/${channel}`, product, channel, value);
  const halted = memberOf(value, "halted");
  const version = textAt(halted, "version");
  if (version !== undefined) {
    facts.set("halt", { kind: "halt", product, channel, version, reason: textAt(halted, "reason") });
  }
  const resumed = memberOf(value, "resumed");
  if (textAt(resumed, "version") !== undefined) {
    const [at, reason] = [textAt(resumed, "at"), textAt(resumed, "reason")];
    facts.set("resumed", { kind: "resumed", product, channel, at, reason });
  }
  const opened = memberOf(value, "opened");
  const openVersion = textAt(opened, "version");
  const waves = Number(textAt(opened, "waves"));
  if (openVersion !== undefined && Number.isInteger(waves)) {
    facts.set("opened", { kind: "opened", product, channel, version: openVersion, waves });
  }
}

function addYank(facts: Collected, product: string, version: string, value: unknown): void {
  const isYanked = flagAt(value, "active") === false;
  const artifacts = memberOf(value, "artifacts");
  const yanked = (Array.isArray(artifacts) ? artifacts : []).filter(
    (artifact: unknown) => !isYanked && flagAt(artifact, "active") === false,
  );
  const platforms = [
    ...new Set(yanked.flatMap((artifact: unknown) => textAt(artifact, "platform") ?? [])),
  ].sort();
  const reason = textAt(value, "yankReason");
  facts.set("yank", { kind: "yank", product, version, isYanked, platforms, reason });
}

function addTenant(facts: Collected, tenant: string, value: unknown): void {
  addScope(facts, `tenant ${tenant}`, value);
  for (const [site, scope] of members(memberOf(value, "sites")))
    addScope(facts, `site ${tenant}/${site}`, scope);
  for (const [group, scope] of members(memberOf(value, "groups"))) {
    addScope(facts, `group ${tenant}/${group}`, scope);
  }
  for (const [device, scope] of members(memberOf(value, "devices")))
    addScope(facts, `device ${device}`, scope);
}

function addScope(facts: Collected, scope: string, value: unknown): void {
  addPause(facts, scope, undefined, undefined, value);
  facts.set(`follows ${scope}`, { kind: "follows", scope, channel: textAt(value, "channel") });
  for (const [product, settings] of members(memberOf(value, "products"))) {
    addPause(facts, scope, product, undefined, settings);
    const pin = memberOf(settings, "pin");
    const version = textAt(pin, "version");
    if (version === undefined) continue;
    const reason = textAt(pin, "reason");
    facts.set(`pin ${scope} ${product}`, { kind: "pin", scope, product, version, reason });
  }
}

function addMinimum(
  facts: Collected,
  scope: string,
  product: string | undefined,
  channel: string | undefined,
  value: unknown,
): void {
  const version = textAt(value, "minVersion");
  facts.set(`minimum ${scope}`, { kind: "minimum", scope, product, channel, version });
}

function addPause(
  facts: Collected,
  scope: string,
  product: string | undefined,
  channel: string | undefined,
  value: unknown,
): void {
  const paused = memberOf(value, "paused");
  if (flagAt(value, "paused") !== true && typeof paused !== "object") return;
  const reason = textAt(paused, "reason");
  facts.set(`pause ${scope} ${product ?? ""}`, { kind: "pause", scope, product, channel, reason });
}

function members(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
