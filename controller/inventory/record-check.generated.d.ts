// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ValidateFunction } from "ajv";
import type { WrittenRecord } from "./written-record.ts";

export declare const record: ValidateFunction<WrittenRecord>;
