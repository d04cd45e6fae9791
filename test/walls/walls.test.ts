import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ARTIFACT_FORMATS } from "../../protocol/release.ts";
import { TOP } from "../support/run-command.ts";

/** What must not stand in these files, with the reason: walls that imports cannot show. */
const WALLS = [
  {
    reason: "protocol is pure: `now` is an argument, chance and waiting belong to the rim",
    files: /^protocol\//,
    except: /^$/,
    forbidden:
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bprocess\.|\bconsole\./,
  },
  {
    reason: "decisions of the controller are pure: what they find must not depend on when or where they run",
    files: /^controller\/(state|rules|diagnostics|desired|trust|validate|plan|explain|simulate|history)\//,
    except: /^$/,
    forbidden: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b/,
  },
  {
    reason: "only command files touch arguments and exit codes",
    files: /^(controller|agent|protocol)\//,
    // A process that makes room for another hands its own arguments on; a worker that calls `exit` ends its thread only.
    except:
      /^(controller|agent)\/(commands\/|main\.ts$)|^agent\/process\/own-process\.ts$|\/(reconcile|fleet|preview)-worker\.ts$/,
    forbidden: /\bprocess\.(argv|exitCode|exit\()/,
  },
  {
    reason:
      "no format's name stands outside of formats/: the rest of the agent asks the one that is configured",
    files: /^agent\//,
    // Facts and services call an operating system by the word that is a format elsewhere.
    except: /^agent\/(formats\/|service\/|facts\/windows-facts\.ts$)/,
    forbidden: new RegExp(`["'\`](${ARTIFACT_FORMATS.join("|")})["'\`]`),
  },
  {
    reason: "one place knows what a name means: git itself takes a tag for the branch of that name",
    files: /^controller\//,
    except: /^controller\/source\/(resolve-ref|git-repository)\.ts$/,
    forbidden: /["'`](rev-parse|show-ref|symbolic-ref|name-rev|describe)\b/,
  },
  {
    reason: "members are made private by one word, `private`; `#` guards a secret, at run time too",
    files: /^(controller|agent|protocol)\//,
    except: /^controller\/trust\/signing-key\.ts$/,
    forbidden: /\bthis\.#/,
  },
  {
    reason: "a check that is silenced is a check that is missing",
    files: /\.ts$/,
    except: /^test\/walls\/|\.generated\.ts$/,
    forbidden: /@ts-(ignore|nocheck|expect-error)|\bas any\b/,
  },
] as const;

test("nothing stands where a wall forbids it", async () => {
  const { stdout } = await promisify(execFile)("git", ["ls-files", "*.ts"], { cwd: TOP });
  const paths = stdout.trim().split("\n");
  const found: string[] = [];
  for (const path of paths) {
    const lines = (await readFile(join(TOP, path), "utf8")).split("\n");
    for (const { reason, files, except, forbidden } of WALLS) {
      if (!files.test(path) || except.test(path)) continue;
      for (const [index, line] of lines.entries()) {
        if (!/^\s*(\/?\*|\/\/)/.test(line) && forbidden.test(line)) {
          found.push(`${path}:${index + 1}: ${line.trim()}\n  ${reason}`);
        }
      }
    }
  }
  assert.deepEqual(found, []);
});
