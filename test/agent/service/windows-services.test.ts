import assert from "node:assert/strict";
import { test } from "node:test";
import { readState } from "../../../agent/service/windows-services.ts";

/** As the sc.exe of Wine prints it, and Windows too. */
function printed(name: string, state: string): string {
  return [
    "",
    `SERVICE_NAME: ${name}`,
    "        TYPE               : 20  WIN32_SHARE_PROCESS",
    `        STATE              : ${state}`,
    "        WIN32_EXIT_CODE    : 0  (0x0)",
    "",
  ].join("\r\n");
}

test("the state of a Windows service is read by its number, whatever the service is called and the language is", () => {
  assert.equal(readState(printed("RpcSs", "4  RUNNING")), "running");
  assert.equal(readState(printed("cafe", "1  STOPPED")), "stopped", "a name that is a number too");
  assert.equal(readState(printed("lantern", "3  WIRD_BEENDET")), "stopping");
  assert.equal(readState(""), undefined);
});
