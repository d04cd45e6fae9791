import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../serve/serve-process.ts";
import { startGitHttpsServer } from "../source/git-https-server.ts";
import { makePrivateAuthority, type PrivateAuthority } from "../support/private-authority.ts";
import {
  type CommandResult,
  cleanEnvironment,
  killAndWait,
  run,
  runOk,
  TOP,
} from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { onlyValue, readUnit } from "./systemd-unit.ts";

/** Folders of docs/operate.md that are somewhere below the sandbox instead. */
const FOLDERS =
  /(?<![\w.~-])\/(?=(?:etc\/(?:fairlead|nginx|systemd|ssl\/fairlead)|var\/(?:lib\/fairlead|backups)|run\/(?:credentials|fairlead)|srv\/fairlead|opt\/(?:fairlead|acme)|media\/offline)\b)/g;

interface Ports {
  readonly agents: number;
  readonly operators: number;
  readonly tls: number;
  readonly plain: number;
  readonly git: number;
}

/** The password of the forge's user that may read. */
export const TOKEN = "s3cr3t-t0ken";

/**
 * The machines of docs/operate.md, all on this one and below one folder: what stands in the page is run after its paths,
 * names and ports were replaced. The forge is git's own HTTP server behind TLS, with a hook that calls the webhook.
 */
export class Sandbox {
  readonly root: string;
  private readonly t: TestContext;
  private readonly ports: Ports;
  private readonly authority: PrivateAuthority;
  private readonly services: ChildProcess[] = [];
  log = "";

  private constructor(t: TestContext, root: string, ports: Ports, authority: PrivateAuthority) {
    this.t = t;
    this.root = root;
    this.ports = ports;
    this.authority = authority;
  }

  static async create(t: TestContext): Promise<Sandbox> {
    const root = await temporaryFolder(t);
    for (const folder of [
      "bin",
      "tls",
      "forge/fleet",
      "opt/fairlead/bin",
      "opt/acme",
      "etc/nginx/conf.d",
      "etc/ssl/fairlead",
    ])
      mkdirSync(join(root, folder), { recursive: true });
    for (const machine of ["workstation", "controller", "machine"]) mkdirSync(join(root, machine));
    mkdirSync(join(root, "etc/systemd/system"), { recursive: true });
    const authority = makePrivateAuthority(join(root, "tls"));
    const server = await startGitHttpsServer(t, {
      projects: join(root, "forge"),
      key: authority.key,
      cert: authority.cert,
      user: "fleet-reader",
      password: TOKEN,
    });
    const [agents = 0, operators = 0, tls = 0, plain = 0] = await freePorts(4);
    const ports = { agents, operators, tls, plain, git: Number(new URL(server.url).port) };
    const sandbox = new Sandbox(t, root, ports, authority);
    await sandbox.furnish();
    return sandbox;
  }

  private async furnish(): Promise<void> {
    const path = (name: string): string => join(this.root, name);
    copyFileSync(this.authority.certFile, path("etc/ssl/fairlead/fullchain.pem"));
    copyFileSync(this.authority.keyFile, path("etc/ssl/fairlead/privkey.pem"));
    copyFileSync(this.authority.caFile, path("controller/acme-ca.pem"));
    for (const name of ["fairlead", "fairlead-agent"]) {
      symlinkSync(join(TOP, "bin", name), path(`opt/fairlead/bin/${name}`));
    }
    const deployed = path("opt/fairlead/lib/node_modules/fairlead/deploy");
    cpSync(join(TOP, "deploy"), deployed, { recursive: true });
    for (const name of ["fairlead.yaml", "fairlead.service", "nginx.conf"]) {
      writeFileSync(join(deployed, name), this.fit(readFileSync(join(deployed, name), "utf8")));
    }
    writeFileSync(path("etc/nginx/nginx.conf"), nginxMain(this.root));
    this.addProgram("nginx", `exec /usr/sbin/nginx -p ${this.root} -c ${path("etc/nginx/nginx.conf")} "$@"`);
    // `scp FILE... sandbox:FOLDER`
    this.addProgram("scp", 'exec cp $(printf "%s\\n" "$@" | sed "s/^sandbox://; /^-q$/d")');
    writeFileSync(path("workstation/credentials"), this.fit("https://fleet-reader:TOKEN@git.acme.example\n"));
    await this.makeRepository();
  }

  private addProgram(name: string, script: string): void {
    const file = join(this.root, "bin", name);
    writeFileSync(file, `#!/bin/bash\nset -eu\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** An empty repository on the forge, whose webhook is set up. */
  async makeRepository(): Promise<void> {
    const bare = join(this.root, "forge/fleet/state.git");
    rmSync(bare, { recursive: true, force: true });
    await runOk("git", ["init", "-q", "--bare", "-b", "main", bare]);
    await runOk("git", ["config", "http.receivepack", "true"], { cwd: bare });
    const hook = join(bare, "hooks", "post-receive");
    const secret = join(this.root, "etc/fairlead/secrets/webhook-secret");
    writeFileSync(
      hook,
      `#!/bin/sh
[ -e ${secret} ] || exit 0
signature=$(printf '{}' | openssl dgst -sha256 -hmac "$(cat ${secret})" -r | cut -d' ' -f1)
curl -sS --cacert ${this.authority.caFile} -H "X-Hub-Signature-256: sha256=$signature" -d '{}' \\
  https://localhost:${this.ports.tls}/hooks/git >/dev/null 2>&1 || true
`,
    );
    chmodSync(hook, 0o755);
  }

  /** What stands in the page or in a file of deploy/, for these folders, names and ports. */
  fit(text: string): string {
    const { agents, operators, tls, plain, git } = this.ports;
    return (
      text
        .replaceAll("root@releases.acme.example:", "sandbox:")
        .replaceAll("https://releases.acme.example", `https://localhost:${tls}`)
        .replaceAll("listen 443 ssl", `listen 127.0.0.1:${tls} ssl`)
        .replaceAll("listen 80;", `listen 127.0.0.1:${plain};`)
        .replaceAll("server_name releases.acme.example", "server_name localhost")
        .replaceAll("TOKEN@git.acme.example", `${TOKEN}@git.acme.example`)
        .replaceAll("@git.acme.example", `@localhost:${git}`)
        .replaceAll("https://git.acme.example", `https://localhost:${git}`)
        .replaceAll("127.0.0.1:8080", `127.0.0.1:${agents}`)
        .replaceAll("127.0.0.1:8081", `127.0.0.1:${operators}`)
        // Only the webhook makes it look.
        .replace(/^interval: 60s/m, "interval: 1d")
        .replace(FOLDERS, `${this.root}/`)
    );
  }

  /** Where operators are served. */
  get operatorsUrl(): string {
    return `http://127.0.0.1:${this.ports.operators}`;
  }

  /** Runs lines of the page on one of its machines. */
  shell(machine: string, text: string): Promise<CommandResult> {
    const { caFile } = this.authority;
    const home = join(this.root, machine);
    const path = [
      join(this.root, "bin"),
      dirname(process.execPath),
      join(this.root, "opt/fairlead/bin"),
      process.env.PATH,
    ];
    return run("bash", ["--norc", "-euo", "pipefail", "-c", this.fit(text)], {
      cwd: home,
      env: {
        HOME: home,
        PATH: path.join(delimiter),
        CURL_CA_BUNDLE: caFile,
        NODE_EXTRA_CA_CERTS: caFile,
        GIT_SSL_CAINFO: caFile,
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "credential.helper",
        GIT_CONFIG_VALUE_0: `store --file=${join(this.root, "workstation/credentials")}`,
        FAIRLEAD_AGENT_HOME: join(this.root, "machine/agent"),
      },
    });
  }

  /** What systemd does with the unit: folders, credentials, and its command in an environment with nothing else. */
  startService(...more: readonly string[]): ChildProcess {
    const unit = readUnit(readFileSync(join(this.root, "etc/systemd/system/fairlead.service"), "utf8"));
    const credentials = join(this.root, "run/credentials/fairlead.service");
    rmSync(credentials, { recursive: true, force: true });
    for (const folder of [
      credentials,
      join(this.root, "var/lib/fairlead"),
      join(this.root, "run/fairlead"),
    ]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    for (const credential of unit.get("LoadCredential") ?? []) {
      const [name = "", file = ""] = credential.split(":");
      copyFileSync(file, join(credentials, name));
      chmodSync(join(credentials, name), 0o400);
    }
    const [program = "", ...args] = onlyValue(unit, "ExecStart").split(" ");
    const set = (unit.get("Environment") ?? []).flatMap((line) => line.split(" "));
    const environment = Object.fromEntries(set.map((each) => each.split(/=(.*)/s, 2)));
    const child = spawn(program, [...args, ...more], {
      env: {
        ...environment,
        PATH: [dirname(process.execPath), environment.PATH].join(delimiter),
        CREDENTIALS_DIRECTORY: credentials,
      },
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.log += text;
      });
    }
    this.services.push(child);
    this.t.after(() => killAndWait(child, "SIGKILL"));
    return child;
  }

  /** Ends what was started last, as `systemctl stop` does. */
  async stopService(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.services.pop();
    if (child !== undefined) await killAndWait(child, signal);
  }

  /** Kills what was started first: the controller that a standby waits for. */
  async killFirstService(): Promise<void> {
    const child = this.services.shift();
    if (child !== undefined) await killAndWait(child, "SIGKILL");
  }

  async startNginx(): Promise<void> {
    const child = spawn(join(this.root, "bin/nginx"), ["-g", "daemon off;"], {
      env: cleanEnvironment(),
      stdio: "ignore",
    });
    this.t.after(() => killAndWait(child, "SIGTERM"));
    await waitUntil("nginx to send plain requests on to https", async () => {
      const url = `http://127.0.0.1:${this.ports.plain}/readyz`;
      const answer = await fetch(url, { redirect: "manual" }).catch(() => undefined);
      return answer?.status === 301 ? true : undefined;
    });
  }

  /** The state folder and everything below /etc/fairlead, as after a fire. */
  loseMachine(): void {
    for (const folder of ["var/lib/fairlead", "etc/fairlead", "srv/fairlead", "run"]) {
      rmSync(join(this.root, folder), { recursive: true, force: true });
    }
  }
}

/** What stands in Debian's own nginx.conf, as far as it matters here. */
function nginxMain(root: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `worker_processes 1;
pid ${root}/nginx.pid;
error_log ${root}/nginx-error.log;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${root}/nginx-${name};\n`).join("")}  include ${root}/etc/nginx/conf.d/*.conf;
}
`;
}

async function freePorts(number: number): Promise<number[]> {
  const servers = Array.from({ length: number }, () => createServer().listen(0, "127.0.0.1"));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
