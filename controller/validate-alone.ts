/**
 * `fairlead validate` as a program of its own, which the launcher starts where a package has it. It runs before each
 * commit and in each pipeline, and of what it takes until it ends, loading is a large part: bundled it is one file with
 * nothing that it does not need.
 */
import { runFairlead } from "./commands/run-fairlead.ts";
import { addValidateCommand } from "./commands/validate.ts";

void runFairlead([addValidateCommand]);
