import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { CONTROLLER, run, runOk } from "../support/run-command.ts";
import { readScenario, type Step, writeScenario } from "./read-scenario.ts";

const cases = join(import.meta.dirname, "cases");
/** Most of the time of a command is spent on compiling it: all of them share what the first one compiled. */
const compiled = mkdtempSync(join(tmpdir(), "fairlead-compiled-"));
after(() => rmSync(compiled, { recursive: true, force: true }));

for (const name of readdirSync(cases).sort()) {
  const file = join(cases, name);
  const scenario = readScenario(readFileSync(file, "utf8"));
  test(`${name}: ${scenario.title}`, async (t) => {
    const place = await Place.create(t);
    const played: Step[] = [];
    for (const step of scenario.steps) played.push(await place.play(step));
    if (process.env.UPDATE_SCENARIOS === "1")
      writeFileSync(file, writeScenario({ ...scenario, steps: played }));
    else assert.equal(writeScenario({ ...scenario, steps: played }), writeScenario(scenario));
  });
}

/** A folder with the state of `state/` in a git repository, in which the commands run. */
class Place {
  private readonly folder: string;
  /** Where commands run and files are written. */
  private current: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.current = join(folder, "state");
  }

  static async create(t: TestContext): Promise<Place> {
    const place = new Place(await mkdtemp(join(tmpdir(), "fairlead-scenario-")));
    t.after(() => rm(place.folder, { recursive: true, force: true }));
    await cp(join(import.meta.dirname, "state"), place.current, { recursive: true });
    await mkdir(join(place.folder, "bin"));
    const launcher = join(place.folder, "bin", "fairlead");
    await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' '${CONTROLLER}' "$@"\n`);
    await chmod(launcher, 0o755);
    for (const args of [
      ["init", "-q", "-b", "main"],
      ["add", "-A"],
      ["commit", "-q", "-m", "begin"],
    ]) {
      await runOk("git", args, { cwd: place.current });
    }
    return place;
  }

  /** Does what a step says, and returns it with what really came of it. */
  async play(step: Step): Promise<Step> {
    if (step.kind === "write") {
      const file = join(this.current, step.path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, step.content);
      return step;
    }
    const [, folder] = /^cd (\S+)$/.exec(step.command) ?? [];
    if (folder !== undefined) {
      this.current = join(this.current, folder);
      return step;
    }
    const path = `${join(this.folder, "bin")}:${process.env.PATH}`;
    const { code, stdout } = await run("sh", ["-c", `exec 2>&1; ${step.command}`], {
      cwd: this.current,
      env: { PATH: path, NODE_COMPILE_CACHE: compiled },
    });
    return { ...step, output: this.normalise(stdout), exitCode: code ?? -1 };
  }

  /** What differs from run to run gets a name: folders, commits, times, and blanks at the end of lines. */
  private normalise(output: string): string {
    return (
      output
        .replaceAll(this.folder, "<dir>")
        .replace(/\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b/g, "<commit>")
        .replace(/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z| [+-]\d{4})?/g, "<time>")
        // A day from the commit is some seconds less when the next command looks.
        .replaceAll("(in 23h59m)", "(in 1d)")
        .replace(/"(now|at)": \d{10}/g, '"$1": "<time>"')
        .replace(/[ \t]+$/gm, "")
        .trimEnd()
    );
  }
}
