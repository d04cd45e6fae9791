import type { Snapshot } from "../source/snapshot.ts";
import { flagAt, memberOf, readUncheckedYaml, textAt } from "../source/unchecked-yaml.ts";

/** What an edit needs to know of one version. */
export interface VersionFacts {
  /** Whether it is for some platform. */
  readonly active: boolean;
  readonly yankReason?: string;
  readonly rollbackTo?: string;
  /** `false`: it may go to no further channel. */
  readonly promotable: boolean;
  readonly isDeadEnd: boolean;
  /** Everybody older passes through it. */
  readonly isBarrier: boolean;
  /** In the order of the file. */
  readonly artifacts: readonly { readonly platform: string; readonly active: boolean }[];
}

/** The platforms for which alone the version is yanked. */
export function yankedPlatformsOf({ active, artifacts }: VersionFacts): readonly string[] {
  return active ? [...new Set(artifacts.flatMap((one) => (one.active ? [] : one.platform)))] : [];
}

/** What an edit needs to know of one channel. */
export interface ChannelFacts {
  readonly version: string | undefined;
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

  /** The file as `readUncheckedYaml` reads it; `undefined` when it is missing or unreadable. */
  value(path: string): unknown {
    const text = this.text(path);
    return text === undefined ? undefined : readUncheckedYaml(text);
  }

  products(): readonly string[] {
    return this.names(/^products\/([^/]+)\/product\.yaml$/);
  }

  tenants(): readonly string[] {
    return this.names(/^tenants\/([^/]+)\.yaml$/);
  }

  /** By name, without the ending. */
  expectations(): readonly string[] {
    return this.names(/^expectations\/([^/]+)\.yaml$/);
  }

  /** Every file of a product. */
  ofProduct(product: string): readonly string[] {
    return [...this.bytes.keys()].filter((path) => path.startsWith(`products/${product}/`)).sort();
  }

  channels(product: string): readonly string[] {
    return this.names(new RegExp(`^products/${RegExp.escape(product)}/channels/([^/]+)\\.yaml$`));
  }

  versions(product: string): readonly string[] {
    return this.names(new RegExp(`^products/${RegExp.escape(product)}/versions/([^/]+)\\.yaml$`));
  }

  version(product: string, version: string): VersionFacts | undefined {
    const path = versionFile(product, version);
    if (!this.bytes.has(path)) return undefined;
    const value = this.value(path);
    const yankReason = textAt(value, "yankReason");
    const rollbackTo = textAt(value, "rollbackTo");
    const listed = memberOf(value, "artifacts");
    const artifacts = (Array.isArray(listed) ? listed : []).map((artifact: unknown) => ({
      platform: textAt(artifact, "platform") ?? "",
      active: flagAt(artifact, "active") !== false,
    }));
    const isGone = artifacts.length > 0 && artifacts.every(({ active }) => !active);
    return {
      active: flagAt(value, "active") !== false && !isGone,
      promotable: flagAt(value, "promotable") !== false,
      isDeadEnd: memberOf(value, "deadEnd") !== undefined,
      isBarrier: memberOf(value, "barrier") !== undefined && flagAt(value, "barrier") !== false,
      artifacts,
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
      version: textAt(value, "version"),
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
