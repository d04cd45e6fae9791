import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cleanups } from "../../support/cleanups.ts";
import { cleanEnvironment } from "../../support/run-command.ts";

/** Of the moment: where it is served, what its clock says, and what there is to look at. */
export interface MomentPlaces {
  readonly url: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** Of its operator. */
  readonly token: string;
  /** The promotion that was halted. */
  readonly commit: string;
  /** A branch that nobody has merged. */
  readonly branch: string;
  readonly failedDevice: string;
  /** One that the promotion has not reached. */
  readonly waitingDevice: string;
  /** One that was not heard of for days. */
  readonly silentDevice: string;
}

/** Has the moment played in a process of its own. @param machines how many there are */
export async function startMoment(t: Cleanups, machines = 420): Promise<MomentPlaces> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-clock-"));
  const clock = join(folder, "clock");
  await writeFile(clock, String(Date.now()));
  const [preload, program] = ["told-clock.ts", "moment.ts"].map((name) => join(import.meta.dirname, name));
  const child = spawn(
    process.execPath,
    ["--import", pathToFileURL(preload ?? "").href, program ?? "", String(machines)],
    { env: cleanEnvironment({ FAIRLEAD_TOLD_CLOCK: clock }), stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  t.after(async () => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return JSON.parse(await firstLine(child));
}

function firstLine(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const end = said.indexOf("\n");
    if (end !== -1) resolve(said.slice(0, end));
  });
  child.once("exit", (code) => reject(new Error(`the moment ended with ${code}`)));
  return promise;
}
