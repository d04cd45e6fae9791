import { parseDate } from "../../protocol/date.ts";
import { formatDuration } from "../../protocol/duration.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { FleetAcknowledgementState, TenantState } from "../../schemas/state.generated.ts";
import type { AcknowledgedDiagnostic, Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestMatch } from "../diagnostics/nearest-match.ts";
import { type Chunk, chunksOf } from "../state/chunked-map.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import type { SoundState } from "../state/sound-state.ts";
import { readStatePath } from "../state/state-layout.ts";
import { acknowledgeExpired } from "./acknowledge/expired.ts";
import { acknowledgeNoLongerApplies } from "./acknowledge/no-longer-applies.ts";
import { acknowledgeNotAWarning } from "./acknowledge/not-a-warning.ts";
import { acknowledgeUnknownRule } from "./acknowledge/unknown-rule.ts";
import { acknowledgeWrongFile } from "./acknowledge/wrong-file.ts";
import type { AcknowledgingRule, Finding, Rule, RuleContext } from "./rule.ts";
import { diagnosticOf } from "./run-rules.ts";

/** What was found, after what the state says of it. */
export interface AcknowledgedFindings {
  /** Everything that counts, with what is wrong about the acknowledgements themselves. */
  readonly diagnostics: readonly Diagnostic[];
  /** Warnings that somebody answers for. */
  readonly acknowledged: readonly AcknowledgedDiagnostic[];
}

/** Only `fleet.yaml` may name another file; the schemas see to that. */
type AcknowledgingDocument = StateDocument<{ readonly acknowledge?: readonly FleetAcknowledgementState[] }>;

/** One entry of an `acknowledge` list. */
interface Entry {
  readonly document: StateDocument<unknown>;
  readonly index: number;
  readonly said: FleetAcknowledgementState;
  /** The file whose warnings it silences. */
  readonly about: string;
}

/**
 * Takes out of what was found the warnings that the state acknowledges. A warning is acknowledged in the file that it
 * is about; where that can hold no acknowledgement (a signed file, one that nothing reads, one that is gone), in
 * `fleet.yaml`. An error is never taken out, and neither is what is said about acknowledgements.
 *
 * @param isWhole every file could be read; else a rule may be silent because of what it was not shown
 */
export function acknowledgeFindings(
  rules: readonly Rule[],
  context: RuleContext,
  found: readonly Diagnostic[],
  isWhole: boolean,
): AcknowledgedFindings {
  const entries = entriesOf(context.state);
  if (entries.length === 0) return { diagnostics: found, acknowledged: [] };
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const complaints: Diagnostic[] = [];
  const byPlace = new Map<string, Entry[]>();
  for (const entry of entries) {
    const refusal = refuse(known, context.state, entry);
    if (refusal !== undefined) {
      complaints.push(refusal);
      continue;
    }
    const place = placeOf(entry.about, entry.said.rule);
    const others = byPlace.get(place);
    if (others === undefined) byPlace.set(place, [entry]);
    else others.push(entry);
  }

  const needed = new Set<Entry>();
  const open: Diagnostic[] = [];
  const acknowledged: AcknowledgedDiagnostic[] = [];
  for (const diagnostic of found) {
    const entry =
      diagnostic.severity === "warning"
        ? answerFor(
            diagnostic,
            byPlace.get(placeOf(diagnostic.file, diagnostic.rule)) ?? [],
            needed,
            context.now,
          )
        : undefined;
    if (entry === undefined) open.push(diagnostic);
    else acknowledged.push(asAcknowledged(diagnostic, entry));
  }
  for (const entry of [...byPlace.values()].flat()) {
    if (needed.has(entry)) {
      if (isExpired(entry, context.now)) complaints.push(expired(entry, context.now));
    } else if (isWhole && canSpeak(known.get(entry.said.rule), context)) {
      complaints.push(noLongerApplies(entry));
    }
  }
  return { diagnostics: [...open, ...complaints], acknowledged };
}

function placeOf(file: string, rule: string): string {
  return `${rule}\0${file}`;
}

/** Marks every entry that speaks of the warning as needed, and gives the first that still holds. */
function answerFor(
  { pointer }: Diagnostic,
  entries: readonly Entry[],
  needed: Set<Entry>,
  now: number,
): Entry | undefined {
  const speaking = entries.filter(({ said: { at } }) => at === undefined || isAtOrBelow(pointer, at));
  for (const entry of speaking) needed.add(entry);
  return speaking.find((entry) => !isExpired(entry, now));
}

function isAtOrBelow(pointer: string | undefined, place: string): boolean {
  return pointer !== undefined && (pointer === place || pointer.startsWith(`${place}/`));
}

function isExpired({ said }: Entry, now: number): boolean {
  return parseDate(said.expires) <= now;
}

function canSpeak(rule: Rule | undefined, context: RuleContext): boolean {
  return rule?.needs === undefined || context[rule.needs] !== undefined;
}

const knownInProducts = new KeptByIdentity<SoundState["products"], readonly Entry[]>();
const knownInProduct = new KeptByIdentity<ProductModel, readonly Entry[]>();
const knownInTenants = new KeptByIdentity<SoundState["tenants"], readonly Entry[]>();
const knownInChunk = new KeptByIdentity<Chunk<StateDocument<TenantState>>, readonly Entry[]>();

/** The entries of every file that can hold any; looked for once in what is the same from one state to the next. */
function entriesOf({ fleet, products, tenants, expectations }: SoundState): readonly Entry[] {
  const inProducts = knownInProducts.of(products, () =>
    [...products.values()].flatMap((product) => knownInProduct.of(product, entriesOfProduct)),
  );
  const inTenants = knownInTenants.of(tenants, () =>
    chunksOf(tenants).flatMap((chunk) =>
      knownInChunk.of(chunk, (some) => [...some.values()].flatMap(entriesIn)),
    ),
  );
  const inExpectations = [...expectations.values()].flatMap(entriesIn);
  return [...(fleet === undefined ? [] : entriesIn(fleet)), ...inProducts, ...inTenants, ...inExpectations];
}

function entriesOfProduct({ product, channels, versions }: ProductModel): readonly Entry[] {
  return [product, ...channels.values(), ...versions.values()].flatMap(entriesIn);
}

/** Whether a file is one that can hold acknowledgements, and could be read. */
function isHolder({ fleet, products, tenants, expectations }: SoundState, file: string): boolean {
  const place = readStatePath(file);
  switch (place.kind) {
    case "fleet":
      return fleet !== undefined;
    case "product":
      return products.has(place.product);
    case "channel":
      return products.get(place.product)?.channels.has(place.name) === true;
    case "version":
      return products.get(place.product)?.versions.has(place.name) === true;
    case "tenant":
      return tenants.has(place.name);
    case "expectations":
      return expectations.has(place.name);
    default:
      return false;
  }
}

function entriesIn(document: AcknowledgingDocument): Entry[] {
  return (document.value.acknowledge ?? []).map((said, index) => ({
    document,
    index,
    said,
    about: said.file ?? document.file,
  }));
}

function asAcknowledged(diagnostic: Diagnostic, { document, index, said }: Entry): AcknowledgedDiagnostic {
  const { reason, owner, expires } = said;
  const span = document.spanOf(["acknowledge", index]);
  return { ...diagnostic, acknowledged: { reason, owner, expires, file: document.file, span } };
}

/** Why an entry can silence nothing; `undefined` where it can. */
function refuse(known: ReadonlyMap<string, Rule>, state: SoundState, entry: Entry): Diagnostic | undefined {
  const { rule: id, file } = entry.said;
  const rule = known.get(id);
  if (rule === undefined) {
    const near = nearestMatch(id, known.keys());
    return complain(acknowledgeUnknownRule, entry, "rule", {
      message: `there is no rule \`${id}\``,
      help: near === undefined ? "`fairlead rules` lists them" : `did you mean \`${near}\`?`,
    });
  }
  if ("foundBy" in rule && rule.foundBy === "acknowledging") {
    return complain(acknowledgeNotAWarning, entry, "rule", {
      message: `\`${id}\` is about acknowledgements, and cannot be acknowledged`,
      help: "correct or remove the acknowledgement that it is about",
    });
  }
  if (rule.severity === "error") {
    return complain(acknowledgeNotAWarning, entry, "rule", {
      message: `\`${id}\` finds errors, which cannot be acknowledged`,
      help: "correct what it finds: a state with errors is never served",
    });
  }
  if (file !== undefined && isHolder(state, file)) {
    return complain(acknowledgeWrongFile, entry, "file", {
      message: `what is found in ${file} is acknowledged in that file`,
      help: `move this entry to ${file}`,
    });
  }
  return undefined;
}

function expired(entry: Entry, now: number): Diagnostic {
  const { rule, owner, reason, expires } = entry.said;
  return complain(acknowledgeExpired, entry, "expires", {
    message: `the acknowledgement of \`${rule}\` by ${owner} expired ${formatDuration(now - parseDate(expires))} ago`,
    label: "the warning is back",
    notes: [`it was acknowledged because: ${reason}`],
    help: "correct what the rule finds, or give it a new date and say why",
  });
}

function noLongerApplies(entry: Entry): Diagnostic {
  const { rule, at } = entry.said;
  return complain(acknowledgeNoLongerApplies, entry, "rule", {
    message: `\`${rule}\` finds nothing ${at === undefined ? "" : `at ${at} `}in ${entry.about}`,
    label: "nothing to acknowledge",
    help: "remove the entry, so that it hides nothing later",
  });
}

function complain(
  rule: AcknowledgingRule,
  { document, index }: Entry,
  key: "rule" | "expires" | "file",
  finding: Omit<Finding, "at">,
): Diagnostic {
  return diagnosticOf(rule, { ...finding, at: { document, path: ["acknowledge", index, key] } });
}
