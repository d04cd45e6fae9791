// Generated from schemas/ by `npm run generate`. Do not edit.
import type { ValidateFunction } from "ajv";
import type { ControllerConfig } from "../../schemas/controller.generated.ts";

export declare const config: ValidateFunction<ControllerConfig>;
