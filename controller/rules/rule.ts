import type { FleetState } from "../../schemas/state.generated.ts";
import type { DiagnosticSeverity } from "../diagnostics/diagnostic.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { IrregularEntry } from "../source/snapshot.ts";
import type { ArtifactListing, ListedArtifact } from "../state/artifact-listing.ts";
import type { FleetModel, ProductModel, StateDocument } from "../state/fleet-model.ts";
import type { RemovedVersion } from "../state/removed-versions.ts";
import type { PathSet, SoundState } from "../state/sound-state.ts";

/** What a rule may look at. Nothing else: no clock, no files, no network. */
export interface RuleContext {
  readonly state: SoundState;
  /** The state before the change; without it, rules that compare say nothing. */
  readonly before?: FleetModel;
  /** What each channel pointed to before; without it, rules about time and fallback say nothing. */
  readonly histories?: ChannelHistories;
  /** The files of the artifact folder; without it, rules about what is hosted say nothing. */
  readonly artifacts?: ArtifactListing;
  /** Versions that the state before did not have, and that history has: as their files were when they were removed, by path. */
  readonly removedVersions?: ReadonlyMap<string, RemovedVersion>;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Where a finding points: a value or key of a document, or a whole file. */
export type Place =
  | {
      readonly document: StateDocument<unknown>;
      readonly path: readonly (string | number)[];
      readonly part?: "key" | "value";
    }
  | { readonly file: string };

/** What a rule found; the rule's id and severity are added to it. */
export interface Finding {
  readonly message: string;
  readonly at: Place;
  readonly label?: string | undefined;
  readonly related?: readonly { readonly at: Place; readonly label: string }[];
  readonly notes?: readonly string[];
  readonly help?: string | undefined;
}

/** A file of an example: its text, its bytes in base64, or `null` to take away one that the sound example has. */
export type ExampleFile = string | { readonly base64: string } | null;

/**
 * A small state, as its difference from the sound example state. Run as a test, shown by `fairlead rules <id>`.
 */
export interface RuleExample {
  readonly files: Readonly<Record<string, ExampleFile>>;
  /** Entries of the commit that are no readable files. */
  readonly irregular?: readonly IrregularEntry[];
  /** The state before, also as a difference from the sound example state; for rules that compare. */
  readonly before?: Readonly<Record<string, ExampleFile>>;
  /** The files of the artifact folder, by their paths below it. */
  readonly artifacts?: Readonly<Record<string, ListedArtifact>>;
  /** What a channel (`product/channel`) points to and pointed to, newest first, with days before the present. */
  readonly history?: Readonly<
    Record<string, readonly { readonly version: string; readonly daysAgo: number }[]>
  >;
}

interface RuleText {
  /** `area/bad-thing`; never renamed once released. */
  readonly id: string;
  readonly severity: DiagnosticSeverity;
  /** One line: what is wrong. */
  readonly summary: string;
  /** What it cannot speak without; where that is not at hand, its silence says nothing. */
  readonly needs?: "before" | "histories" | "artifacts";
  /** Prose: why it is wrong, and what to do. */
  readonly explanation: string;
  readonly failing: RuleExample;
  readonly passing: RuleExample;
}

/** A rule that looks at what the state says. */
export interface StateRule extends RuleText {
  check(context: RuleContext): Iterable<Finding>;
  /**
   * For a rule that looks at each scope by itself: what of the state it looks at besides. It is then given some tenants at
   * a time, and what it found is kept for as long as neither they nor any of this change: the same objects, and equal
   * texts. It may look at nothing else.
   */
  besideTenants?(state: SoundState): readonly (object | string)[];
}

/**
 * What of a state and its past a rule about one product may look at besides the product. What it finds is kept for as
 * long as nothing of the product changes, nor any of this.
 */
export interface BesideProduct {
  readonly fleet: StateDocument<FleetState> | undefined;
  /** Of the product's own channels; without it, rules about fallback say nothing. */
  readonly histories?: Pick<ChannelHistories, "get"> | undefined;
  /** Of the product's own folder: also those that could not be read. */
  readonly files: PathSet;
}

/** A rule that is given one product and what concerns it, and nothing else: no time, no commit, no tenant. */
export interface ProductRule extends RuleText {
  checkProduct(product: ProductModel, beside: BesideProduct): Iterable<Finding>;
}

/** A rule that is checked while one file is read (encoding, YAML, schema), by `controller/state/`. */
export interface ReadingRule extends RuleText {
  readonly foundBy: "reading";
}

/** A rule about acknowledgements: it needs what all others found, and is checked by `acknowledge-findings.ts`. */
export interface AcknowledgingRule extends RuleText {
  readonly foundBy: "acknowledging";
}

/**
 * A rule about what expectations ask for: it needs the decisions that follow from a state without a mistake, and is
 * checked by `controller/expectations/` where somebody looks at a change. Nothing that it finds keeps a commit from
 * being served.
 */
export interface ExpectingRule extends RuleText {
  readonly foundBy: "expecting";
}

/** A rule may look at each product and, for the rest, at the whole state. */
export type Rule =
  | StateRule
  | ProductRule
  | (StateRule & ProductRule)
  | ReadingRule
  | AcknowledgingRule
  | ExpectingRule;
