import { parse } from "yaml";
import type { Snapshot } from "../source/snapshot.ts";

/** What an edit needs to know of one version. */
export interface VersionFacts {
  readonly active: boolean;
  readonly yankReason?: string;
  readonly rollbackTo?: string;
}

/** What an edit needs to know of one channel. */
export interface ChannelFacts {
  readonly version: string | undefined;
  readonly minVersion: string | undefined;
  /** Versions from which the channel declares a rollback. */
  readonly rollbackFrom: readonly string[];
}

/**
 * The state as text, with as much of its meaning as edits need. It reads leniently, so that a state with mistakes can
 * still be edited back into a good one; whether the result is good is for `checkState` to say.
 */
export class StateFiles {
  private readonly bytes: ReadonlyMap<string, Buffer>;

  constructor(snapshot: Snapshot) {
    this.bytes = new Map(snapshot.files.map((file) => [file.path, file.bytes]));
  }

  /** The text of a state file; `undefined` when there is none. */
  text(path: string): string | undefined {
    return this.bytes.get(path)?.toString("utf8");
  }

  /** The file read as YAML; `undefined` when it is missing or unreadable. */
  value(path: string): unknown {
    const text = this.text(path);
    if (text === undefined) return undefined;
    try {
      return parse(text, { logLevel: "silent", maxAliasCount: 0 });
    } catch {
      return undefined;
    }
  }

  products(): readonly string[] {
    return this.names(/^products\/([^/]+)\/product\.yaml$/);
  }

  channels(product: string): readonly string[] {
    return this.names(new RegExp(`^products/${RegExp.escape(product)}/channels/([^/]+)\\.yaml$`));
  }

  versions(product: string): readonly string[] {
    return this.names(new RegExp(`^products/${RegExp.escape(product)}/versions/([^/]+)\\.yaml$`));
  }

  tenants(): readonly string[] {
    return this.names(/^tenants\/([^/]+)\.yaml$/);
  }

  version(product: string, version: string): VersionFacts | undefined {
    const path = versionFile(product, version);
    if (!this.bytes.has(path)) return undefined;
    const value = this.value(path);
    const yankReason = stringAt(value, "yankReason");
    const rollbackTo = stringAt(value, "rollbackTo");
    return {
      active: memberOf(value, "active") !== false,
      ...(yankReason === undefined ? {} : { yankReason }),
      ...(rollbackTo === undefined ? {} : { rollbackTo }),
    };
  }

  channel(product: string, channel: string): ChannelFacts | undefined {
    const path = channelFile(product, channel);
    if (!this.bytes.has(path)) return undefined;
    const value = this.value(path);
    const from = memberOf(memberOf(value, "rollback"), "from");
    return {
      version: stringAt(value, "version"),
      minVersion: stringAt(value, "minVersion"),
      rollbackFrom: Array.isArray(from) ? from.filter((item) => typeof item === "string") : [],
    };
  }

  /** Whether the state has offline-signed releases; a yank must then be signed as well. */
  hasTrust(): boolean {
    return [...this.bytes.keys()].some((path) => path.startsWith("trust/"));
  }

  private names(pattern: RegExp): readonly string[] {
    return [...this.bytes.keys()].flatMap((path) => pattern.exec(path)?.[1] ?? []).sort();
  }
}

export function channelFile(product: string, channel: string): string {
  return `products/${product}/channels/${channel}.yaml`;
}

export function versionFile(product: string, version: string): string {
  return `products/${product}/versions/${version}.yaml`;
}

/** The own member `key` of an object read from YAML; `undefined` for anything else. */
export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function stringAt(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === "string" ? member : undefined;
}
