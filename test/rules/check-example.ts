import type { Diagnostic } from "../../controller/diagnostics/diagnostic.ts";
import { lookAtExpectations } from "../../controller/expectations/look-at-expectations.ts";
import { type CheckedState, checkState } from "../../controller/rules/check-state.ts";
import {
  EXAMPLE_NOW,
  exampleArtifacts,
  exampleFiles,
  exampleHistories,
  snapshotOfFiles,
} from "../../controller/rules/example-state.ts";
import type { RuleExample } from "../../controller/rules/rule.ts";
import type { ChannelHistories } from "../../controller/source/promotion-record.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";

/** What the whole check says of a rule's example, and counts. */
export function checkExample(example: RuleExample): readonly Diagnostic[] {
  return checkWhole(example).diagnostics;
}

/** All that the whole check says of a rule's example. */
export function checkWhole(example: RuleExample): CheckedState {
  const histories = exampleHistories(example);
  const artifacts = exampleArtifacts(example);
  const before = example.before === undefined ? undefined : modelOf(example.before);
  const checked = checkState(snapshotOfFiles(exampleFiles(example.files), example.irregular), {
    now: EXAMPLE_NOW,
    ...(histories === undefined ? {} : { histories }),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(before === undefined ? {} : { before }),
  });
  return { ...checked, diagnostics: [...checked.diagnostics, ...expectedOf(checked.model, histories)] };
}

/** What is wrong with the expectations of an example, as `validate` adds it. */
export function expectedOf(
  model: FleetModel | undefined,
  histories: ChannelHistories | undefined,
): readonly Diagnostic[] {
  const options = { now: EXAMPLE_NOW, inventory: undefined, pathPrefix: "" };
  return lookAtExpectations({ model, histories }, undefined, options).diagnostics;
}

function modelOf(files: RuleExample["files"]): FleetModel {
  const { model, diagnostics } = checkState(snapshotOfFiles(exampleFiles(files)), { now: EXAMPLE_NOW });
  if (model === undefined) {
    throw new Error(
      `the state before the change has errors: ${diagnostics.map(({ message }) => message).join("; ")}`,
    );
  }
  return model;
}
