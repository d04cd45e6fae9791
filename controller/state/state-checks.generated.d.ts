// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ValidateFunction } from "ajv";

export declare const fleet: ValidateFunction;
export declare const product: ValidateFunction;
export declare const channel: ValidateFunction;
export declare const version: ValidateFunction;
export declare const tenant: ValidateFunction;
export declare const expectations: ValidateFunction;
