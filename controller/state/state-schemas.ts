import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { parseByteSize } from "../../protocol/byte-size.ts";
import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { parsePercent } from "../../protocol/share.ts";
import { isRange } from "../../protocol/version.ts";
import channelSchema from "../../schemas/channel.schema.json" with { type: "json" };
import commonSchema from "../../schemas/common.schema.json" with { type: "json" };
import expectationsSchema from "../../schemas/expectations.schema.json" with { type: "json" };
import fleetSchema from "../../schemas/fleet.schema.json" with { type: "json" };
import productSchema from "../../schemas/product.schema.json" with { type: "json" };
import tenantSchema from "../../schemas/tenant.schema.json" with { type: "json" };
import versionSchema from "../../schemas/version.schema.json" with { type: "json" };

import { AFTER_PUBLICATION } from "./publication.ts";
import type { DocumentKind } from "./state-layout.ts";

/**
 * The value forms that schemas name with the keyword `form`: what a pattern alone cannot check is checked here, and
 * the name says in which words a mistake is told.
 */
const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  percent: (value) =>
    typeof value !== "number" && typeof value !== "string" ? true : succeeds(() => parsePercent(value)),
  duration: (value) => typeof value !== "string" || succeeds(() => parseDuration(value)),
  date: (value) => typeof value !== "string" || succeeds(() => parseDate(value)),
  byteSize: (value) =>
    typeof value !== "number" && typeof value !== "string" ? true : succeeds(() => parseByteSize(value)),
  factRange: (value) => typeof value !== "string" || isRange("dotted", value),
  timeZone: (value) => typeof value !== "string" || isTimeZone(value),
};

function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const timeZones = new Map<string, boolean>();

/** Asking the time-zone database is slow; a fleet uses few zones, and what is kept is bounded. */
function isTimeZone(name: string): boolean {
  const known = timeZones.get(name);
  if (known !== undefined) return known;
  // An offset such as `+02:00` is understood by `Temporal` too, and never follows a clock change.
  const valid =
    /^[A-Za-z]/.test(name) &&
    succeeds(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name));
  if (timeZones.size < 1000) timeZones.set(name, valid);
  return valid;
}

type Validators = Readonly<Record<DocumentKind, ValidateFunction>>;

/** Validators that only answer yes or no. For sound documents that is enough, and they compile and run faster. */
let judges: Validators | undefined;
/** Validators that report everything that is wrong; compiled at the first document that is not sound. */
let explainers: Validators | undefined;

/** A validator that knows the forms of values and what the schemas share. */
export function schemaReader(options: Options): Ajv {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, messages: false, ...options });
  ajv.addKeyword({
    keyword: "form",
    schemaType: "string",
    errors: false,
    validate: (form: string, value: unknown) => FORMS[form]?.(value) ?? true,
  });
  ajv.addKeyword({ keyword: AFTER_PUBLICATION, metaSchema: { enum: ["may-change", "may-grow"] } });
  ajv.addSchema(commonSchema);
  return ajv;
}

function compile(options: Options): Validators {
  const ajv = schemaReader(options);
  return {
    fleet: ajv.compile(fleetSchema),
    product: ajv.compile(productSchema),
    channel: ajv.compile(channelSchema),
    version: ajv.compile(versionSchema),
    tenant: ajv.compile(tenantSchema),
    expectations: ajv.compile(expectationsSchema),
  };
}

/** The raw findings of one document against its schema; empty when it satisfies it. */
export function checkSchema(kind: DocumentKind, value: unknown): readonly ErrorObject[] {
  judges ??= compile({ allErrors: false });
  if (judges[kind](value)) return [];
  explainers ??= compile({ allErrors: true, verbose: true });
  const explain = explainers[kind];
  explain(value);
  return explain.errors ?? [];
}
