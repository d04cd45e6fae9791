import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { lacks, TOP } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type PageBlock, shellBlocks } from "./page-blocks.ts";
import { Sandbox } from "./sandbox.ts";

const PAGE = readFileSync(join(TOP, "docs", "operate.md"), "utf8");

/** Blocks that are not run here, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  packages: "installs packages of the system",
  program: "test/package/install.test.ts installs the package; adding a user needs root",
  "host-keys": "there is no sshd here; test/source/private-hosting.test.ts fetches from a real one",
  log: "there is no journal here",
  notify: "nobody is told from here; test/notify/notify-command.test.ts tells real receivers",
  upgrade: "test/package/install.test.ts installs the package",
  kubernetes: "there is no cluster here; test/deploy/manifests.test.ts looks at what would be applied",
};

/** What somebody looks up and fills in. */
const PLACEHOLDERS = ["ROOT_SHA256", "ENROLMENT_TOKEN", "ONLINE_KEY_ID", "HELD_COMMIT"] as const;

const needs =
  (await lacks("openssl")) ||
  (await lacks("curl")) ||
  (await lacks("ssh-keygen")) ||
  (existsSync("/usr/sbin/nginx") ? false : "nginx is not installed");

/** Somebody who reads the page from top to bottom and does what it says. */
class Reader {
  private readonly t: TestContext;
  readonly sandbox: Sandbox;
  private readonly blocks: PageBlock[];
  private readonly values = new Map<string, string>();
  private readonly plays: ReadonlyMap<string, () => Promise<void> | void>;
  readonly skipped: string[] = [];
  readonly played: string[] = [];
  /** What the last block printed. */
  said = "";

  constructor(t: TestContext, sandbox: Sandbox, plays: Readonly<Record<string, () => Promise<void> | void>>) {
    this.t = t;
    this.sandbox = sandbox;
    this.blocks = shellBlocks(PAGE);
    this.plays = new Map(Object.entries(plays));
  }

  fill(placeholder: (typeof PLACEHOLDERS)[number], value: string | undefined): void {
    assert.ok(value !== undefined && value !== "", `a value for ${placeholder} in\n${this.said}`);
    this.values.set(placeholder, value);
  }

  /** Goes on until the block that has these words is done. */
  async readTo(words: string): Promise<void> {
    for (;;) {
      const block = this.blocks.shift();
      assert.ok(block !== undefined, `the page has no block with \`${words}\` here`);
      await this.follow(block);
      if (block.text.includes(words)) return;
    }
  }

  async readToEnd(): Promise<void> {
    for (let block = this.blocks.shift(); block !== undefined; block = this.blocks.shift())
      await this.follow(block);
  }

  private async follow({ machine, how, text, line }: PageBlock): Promise<void> {
    switch (how.kind) {
      case "skipped":
        assert.ok(Object.hasOwn(SKIPPED, how.name), `the block at line ${line} is skipped without a reason`);
        this.t.diagnostic(`line ${line}, ${how.name}: not run, ${SKIPPED[how.name]}`);
        this.skipped.push(how.name);
        return;
      case "played": {
        const play = this.plays.get(how.name);
        assert.ok(play !== undefined, `line ${line}: nobody knows how to play ${how.name}`);
        this.played.push(how.name);
        return play();
      }
      case "run": {
        let filled = text;
        for (const name of PLACEHOLDERS) {
          if (!text.includes(name)) continue;
          const value = this.values.get(name);
          assert.ok(value !== undefined, `line ${line}: ${name} is not known yet`);
          filled = filled.replaceAll(name, value);
        }
        const { code, stdout, stderr } = await this.sandbox.shell(machine, filled);
        this.said = stdout;
        assert.equal(code, 0, `line ${line}:\n${filled}\n${stdout}${stderr}\n${this.sandbox.log}`);
      }
    }
  }
}

test("docs/operate.md works line by line: TLS, a private repository, a webhook, a machine, and three losses", {
  skip: needs,
}, async (t) => {
  const sandbox = await Sandbox.create(t);
  const untilReady = (): Promise<unknown> =>
    waitUntil("the controller to be ready", async () => {
      const answer = await fetch(`${sandbox.operatorsUrl}/readyz`).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
  const start = async (): Promise<void> => {
    sandbox.startService();
    await untilReady();
  };
  const status = async (): Promise<{ commit?: string; outcome?: { kind: string; commit?: string } }> =>
    (await fetch(`${sandbox.operatorsUrl}/api/v1/status`)).json() as Promise<{ commit?: string }>;
  const tip = async (): Promise<string> =>
    (await sandbox.shell("workstation", "git -C ~/fleet rev-parse HEAD")).stdout.trim();
  const untilServed = async (): Promise<void> => {
    const commit = await tip();
    await waitUntil(`${commit} to be served`, async () =>
      (await status()).commit === commit ? true : undefined,
    );
  };
  const installed = async (): Promise<string> =>
    (await sandbox.shell("machine", "/opt/acme/agent --version")).stdout.trim();
  const reader = new Reader(t, sandbox, {
    start,
    "start-again": start,
    "reload-nginx": () => sandbox.startNginx(),
    async restart() {
      await sandbox.stopService();
      await start();
    },
    async standby() {
      sandbox.startService("--standby");
      await waitUntil("the standby to wait", () =>
        sandbox.log.includes("standby.waiting") ? true : undefined,
      );
    },
  });

  await reader.readTo("fairlead status --controller http://127.0.0.1:8081");
  assert.match(reader.said, /^ok: serves commit /);
  await reader.readTo("/readyz");
  await reader.readTo("--token-file");
  assert.match(reader.said, /^ok: serves commit [\s\S]*\nagent: 2 releases/);
  await reader.readTo("/hooks/git");
  assert.match(reader.said, /"accepted":true/);

  await reader.readTo("fairlead keys status");
  reader.fill("ROOT_SHA256", /--root-sha256 ([0-9a-f]{64})/.exec(reader.said)?.[1]);
  await reader.readTo("fairlead tokens create");
  reader.fill("ENROLMENT_TOKEN", /^(\S+)$/m.exec(reader.said)?.[1]);
  await reader.readTo("fairlead-agent update");
  assert.match(await installed(), /1\.0\.0/);
  await reader.readTo("fairlead agents list");
  assert.match(reader.said, /example\b[\s\S]*1\.0\.0/);
  await reader.readTo("fairlead promote");
  await untilServed();
  await reader.readTo("fairlead-agent update");
  assert.match(await installed(), /1\.1\.0/);
  await reader.readTo("/metrics");
  assert.equal(reader.said, "fairlead_degraded 0\n");

  // The machine and its state folder are lost.
  await reader.readTo("tar -czf");
  await sandbox.stopService("SIGKILL");
  sandbox.loseMachine();
  await reader.readTo("systemctl start fairlead");
  await untilServed();
  await moves("1.0.0", "the machine went on after a restore");

  // The online key is lost.
  for (const folder of ["etc/fairlead/secrets", "media/offline/fleet-keys"]) {
    rmSync(join(sandbox.root, folder, "online.json"));
  }
  await reader.readTo("fairlead keys show");
  reader.fill("ONLINE_KEY_ID", /^timestamp: .*\n +([0-9a-f]+)/m.exec(reader.said)?.[1]);
  await reader.readTo("systemctl restart fairlead");
  await untilServed();
  await moves("1.1.0", "the machine believes the new key");

  // Git is lost, and the newest clone lacks the last commit.
  await sandbox.makeRepository();
  await reader.readTo("git push --quiet origin main");
  await untilServed();
  await reader.readTo("/var/lib/fairlead/mirrors/");
  const kept = await sandbox.shell("controller", "git -C ~/state rev-parse HEAD");
  assert.equal(kept.stdout.trim(), await tip(), "the controller's own copy is a clone like any");
  const rewritten = await sandbox.shell(
    "workstation",
    "cd ~/fleet && git reset -q --hard HEAD~1 && git commit -q --allow-empty -m 'Begin again' && git push -q --force",
  );
  assert.equal(rewritten.code, 0, rewritten.stderr);
  const commit = await tip();
  await waitUntil("the commit to be held", async () =>
    (await status()).outcome?.kind === "held" ? true : undefined,
  );
  reader.fill("HELD_COMMIT", commit);
  await reader.readTo("fairlead accept");
  await untilServed();

  // The standby takes over.
  await reader.readTo("--standby");
  await sandbox.killFirstService();
  await untilReady();
  await moves("1.1.0", "the standby serves");

  await reader.readToEnd();
  assert.deepEqual(reader.skipped.sort(), Object.keys(SKIPPED).sort());
  assert.ok(!sandbox.log.includes("s3cr3t"), "no secret gets into the log");
  assert.ok(!existsSync(join(sandbox.root, "workstation/fleet/keys")));

  /** Moves the fleet by a commit: a promotion forward, a rollback backward. */
  async function moves(version: string, why: string): Promise<void> {
    const back = version === "1.0.0";
    const command = back
      ? "fairlead rollback stable --to 1.0.0 --reason 'a test'"
      : "fairlead promote 1.1.0 --to stable --reason 'a test'";
    const edited = await sandbox.shell("workstation", `cd ~/fleet && ${command} && git push -q`);
    assert.equal(edited.code, 0, edited.stdout + edited.stderr);
    await untilServed();
    const updated = await sandbox.shell("machine", "fairlead-agent update");
    assert.equal(updated.code, 0, `${why}\n${updated.stdout}${updated.stderr}`);
    assert.ok((await installed()).includes(version), why);
  }
});

test("a page that skips a block without saying why, or names no machine, is found", () => {
  assert.throws(() => shellBlocks("```sh\ntrue\n```\n"), /line 2 does not say/);
  const [block] = shellBlocks("a\n\n```sh controller skipped:x\ntrue\n```\n");
  assert.deepEqual(block, {
    machine: "controller",
    how: { kind: "skipped", name: "x" },
    text: "true\n",
    line: 4,
  });
});
