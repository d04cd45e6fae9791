import { isAscii } from "node:buffer";
import type { ValidateFunction } from "ajv";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { SnapshotFile } from "../source/snapshot.ts";
import { decodeText } from "./decode-text.ts";
import { type DocumentPath, describeSchemaErrors, type SchemaFault } from "./describe-schema-error.ts";
import type { StateDocument } from "./fleet-model.ts";
import { parseYaml, YAML_LIMITS } from "./parse-yaml.ts";
import { readPlainYaml } from "./read-plain-yaml.ts";
import { SourceMap } from "./source-map.ts";
import { channel, expectations, fleet, product, tenant, version } from "./state-checks.generated.js";
import type { DocumentKind } from "./state-layout.ts";

/** One file as it was read: a document that satisfies its schema, or what is wrong with it. */
export type ReadDocument =
  | { readonly ok: true; readonly document: StateDocument<unknown> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What is wrong with the content of a document; `sourceOf` gives the text of a scalar as it stands in the file. */
export type FindFaults = (
  value: unknown,
  sourceOf: (path: DocumentPath) => string | undefined,
) => readonly SchemaFault[];

/** Reads and checks one state file by itself. Pure, and never throws for any bytes. */
export function readDocument(kind: DocumentKind, file: SnapshotFile): ReadDocument {
  return readYamlFile(file, (value, sourceOf) => {
    const newer = kind === "fleet" ? newerSchemaVersion(value) : undefined;
    return newer === undefined ? schemaFaults(kind, value, sourceOf) : [tooNew(newer)];
  });
}

const CHECKS = { fleet, product, channel, version, tenant, expectations } satisfies Record<
  DocumentKind,
  ValidateFunction
>;
const NO_SOURCE = () => undefined;
const NO_FAULTS: readonly SchemaFault[] = [];

/** What is wrong with one document by its schema; empty when it satisfies it. */
function schemaFaults(
  kind: DocumentKind,
  value: unknown,
  sourceOf: (path: DocumentPath) => string | undefined,
): readonly SchemaFault[] {
  const check = CHECKS[kind];
  return check(value) ? NO_FAULTS : describeSchemaErrors(check.errors ?? [], sourceOf);
}

/** The same for any file of YAML, whatever it may say. */
export function readYamlFile(file: SnapshotFile, findFaults: FindFaults): ReadDocument {
  const length = (file.latin1 ?? file.bytes).length;
  if (length > YAML_LIMITS.bytes) return { ok: false, diagnostics: [tooLarge(file.path, length)] };
  const ascii = file.latin1 ?? (isAscii(file.bytes) ? file.bytes.toString("latin1") : undefined);
  const plain = ascii === undefined ? undefined : readPlainYaml(ascii, YAML_LIMITS.keys);
  if (plain !== undefined && findFaults(plain, NO_SOURCE).length === 0)
    return { ok: true, document: new TextDocument(file, plain) };
  const decoded = decodeText(file.path, file.bytes);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  const parsed = parseYaml(text);
  if (!parsed.ok) {
    const places = new SourceMap(text, []);
    const diagnostics = parsed.faults.map(
      ({ rule, message, range, label, help, related }): Diagnostic => ({
        rule,
        severity: "error",
        message,
        file: file.path,
        span: places.spanOfRange(range),
        ...(label === undefined ? {} : { label }),
        related:
          related === undefined
            ? []
            : [{ file: file.path, span: places.spanOfRange(related.range), label: related.label }],
        notes: [],
        ...(help === undefined ? {} : { help }),
      }),
    );
    return { ok: false, diagnostics };
  }
  if (parsed.value === null || parsed.value === undefined)
    return { ok: false, diagnostics: [empty(file.path)] };

  const places = new SourceMap(text, parsed.events);
  const faults = findFaults(parsed.value, (path) => places.sourceOf(path));
  if (faults.length === 0) return { ok: true, document: new TextDocument(file, parsed.value) };
  return {
    ok: false,
    diagnostics: faults.map(({ path, part, notes = [], ...fault }) => ({
      severity: "error",
      ...fault,
      file: file.path,
      span: places.spanOf(path, part),
      related: [],
      notes,
    })),
  };
}

/** The format of state files that this program reads. */
const SCHEMA_VERSION = 1;

function tooNew(version: number): SchemaFault {
  return {
    rule: "schema/newer-version",
    message: `schemaVersion ${version} is newer than this program, which reads ${SCHEMA_VERSION}`,
    path: ["schemaVersion"],
    part: "value",
    help: "install a newer Fairlead before this commit is merged",
  };
}

/** Looked at before everything else of the fleet file: the rest may be in words that only a newer program knows. */
function newerSchemaVersion(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("schemaVersion" in value)) return undefined;
  const version = value.schemaVersion;
  return typeof version === "number" && version > SCHEMA_VERSION ? version : undefined;
}

/** A document that reads its text again when a position is first asked for: most never are. */
class TextDocument implements StateDocument<unknown> {
  readonly value: unknown;
  private readonly source: SnapshotFile;
  private places: SourceMap | undefined;

  constructor(source: SnapshotFile, value: unknown) {
    this.source = source;
    this.value = value;
  }

  get file(): string {
    return this.source.path;
  }

  get blob(): string {
    return this.source.blob;
  }

  spanOf(path: DocumentPath, part: "value" | "key" = "value"): Span {
    if (this.places === undefined) {
      const text = this.source.bytes.toString("utf8");
      const parsed = parseYaml(text);
      this.places = new SourceMap(text, parsed.ok ? parsed.events : []);
    }
    return this.places.spanOf(path, part);
  }
}

function tooLarge(path: string, length: number): Diagnostic {
  return {
    rule: "file/too-large",
    severity: "error",
    message: `the file has ${length} bytes, and ${YAML_LIMITS.bytes} are allowed`,
    file: path,
    related: [],
    notes: [],
    help: "split it, or move what is no state to another place",
  };
}

function empty(path: string): Diagnostic {
  return {
    rule: "file/empty",
    severity: "error",
    message: "the file is empty",
    file: path,
    related: [],
    notes: [],
    help: "write what its schema asks for, or delete the file",
  };
}
