import assert from "node:assert/strict";
import test from "node:test";
import { checkExample } from "./check-example.ts";

/** What the rules say of waves for security releases. */
function said(waves: string): string[] {
  const channel = `version: 1.1.0\nrollout: {waves: [{percent: 100, after: 0s}], bySeverity: {security: {${waves}}}}\n`;
  const files = { "products/agent/channels/stable.yaml": channel };
  return checkExample({ files }).map(({ rule, message }) => `${rule}: ${message}`);
}

test("waves for security releases are held to the same as all waves", () => {
  assert.deepEqual(said("waves: [{percent: 50, after: 0s}, {percent: 100, after: 1h}]"), []);
  assert.deepEqual(said("waves: [{percent: 50, after: 0s}]"), [
    "channel/waves-incomplete: the security waves of channel `stable` end at 50%",
  ]);
  assert.deepEqual(said("waves: [{percent: 50, after: 2h}, {percent: 100, after: 1h}]"), [
    "channel/waves-not-ascending: security wave 2 of channel `stable` opens after 1h, not later than the 2h before it",
  ]);
  assert.deepEqual(said("waves: [{percent: 0.001, after: 0s}, {percent: 100, after: 1h}]"), [
    "channel/wave-too-small: security wave 1 of channel `stable` is less than one device of 10,000",
  ]);
  const rise = "strategy: linear, waves: [{percent: 0, after: 1h}, {percent: 100, after: 2h}]";
  assert.deepEqual(said(rise), [], "these open by time, so they may rise evenly");
});
