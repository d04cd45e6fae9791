import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { readConfigFile } from "../../controller/serve/config-file.ts";
import packageJson from "../../package.json" with { type: "json" };
import { temporaryFolder } from "../serve/serve-process.ts";
import { lacks, run, TOP } from "../support/run-command.ts";
import { onlyValue, readUnit } from "./systemd-unit.ts";

const DEPLOY = join(TOP, "deploy");

function deployed(name: string): string {
  return readFileSync(join(DEPLOY, name), "utf8");
}

/** What a configuration file says. @throws where `serve` would refuse it */
async function configOf(t: TestContext, text: string): Promise<ReadonlyMap<string, unknown>> {
  const file = join(await temporaryFolder(t), "fairlead.yaml");
  writeFileSync(file, text);
  const read = readConfigFile(file, () => undefined);
  assert.ok(read.ok, read.ok ? "" : JSON.stringify(read.diagnostics, undefined, 2));
  return read.values;
}

/** The files of secrets that a configuration names. */
function secretsOf(config: ReadonlyMap<string, unknown>): string[] {
  return ["onlineKey", "gitCredentials", "webhookSecretFile", "operatorTokenFile"].map((key) =>
    String(config.get(key)),
  );
}

test("serve takes every block of configuration that docs/operate.md shows", async (t) => {
  const page = readFileSync(join(TOP, "docs", "operate.md"), "utf8");
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  assert.ok(blocks.length >= 3);
  for (const block of blocks) await configOf(t, block);
});

test("the unit hands over every secret that the configuration names, and the naming secret beside the online key", async (t) => {
  const config = await configOf(t, deployed("fairlead.yaml"));
  const unit = readUnit(deployed("fairlead.service"));
  const loaded = (unit.get("LoadCredential") ?? []).map(
    (each) => `/run/credentials/fairlead.service/${each.split(":")[0]}`,
  );
  const named = [...secretsOf(config), "/run/credentials/fairlead.service/naming-secret"];
  assert.deepEqual(loaded.sort(), named.sort());
  assert.equal(config.get("stateDir"), `/var/lib/${onlyValue(unit, "StateDirectory")}`);
  assert.match(onlyValue(unit, "ExecStart"), / --config \/etc\/fairlead\/fairlead\.yaml$/);
});

test("the unit locks its service in, and systemd takes every line of it", {
  skip: await lacks("systemd-analyze"),
}, async (t) => {
  const folder = await temporaryFolder(t);
  const unit = join(folder, "fairlead.service");
  writeFileSync(unit, deployed("fairlead.service").replace("/opt/fairlead/bin/fairlead", process.execPath));
  const verified = await run("systemd-analyze", ["verify", "--man=no", unit]);
  assert.equal(verified.stdout + verified.stderr, "", "nothing to complain about");
  assert.equal(verified.code, 0);
  // In tenths; systemd calls up to 2.0 "OK".
  const rated = await run("systemd-analyze", [
    "security",
    "--offline=true",
    "--no-pager",
    "--threshold=14",
    unit,
  ]);
  const [said = ""] = /Overall exposure level.*/.exec(rated.stdout) ?? [];
  t.diagnostic(said);
  assert.equal(rated.code, 0, rated.stdout + rated.stderr);
  const [, score = ""] = /: ([\d.]+) /.exec(said) ?? [];
  const page = readFileSync(join(TOP, "docs", "operate.md"), "utf8");
  assert.ok(page.includes(`rates the unit ${score} `), `docs/operate.md says another score than ${score}`);
});

/** The instructions of a Dockerfile: one line each, without comments. */
function instructions(text: string): { name: string; rest: string }[] {
  const lines = text
    .replace(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines.flatMap((line) => {
    const [, name, rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    assert.ok(name !== undefined || line === "", `\`${line}\` is an instruction`);
    return name === undefined ? [] : [{ name, rest }];
  });
}

test("the image is of the pinned runtime, runs without root, and takes nothing of the build but the package", () => {
  const all = instructions(deployed("Dockerfile"));
  const bases = all.filter(({ name }) => name === "FROM").map(({ rest }) => rest);
  const runtime = `node:${packageJson.devDependencies.node}-bookworm-slim`;
  assert.deepEqual(bases, [`${runtime} AS build`, runtime]);
  const last = all.slice(all.findLastIndex(({ name }) => name === "FROM"));
  const of = (wanted: string): string[] => last.filter(({ name }) => name === wanted).map(({ rest }) => rest);
  assert.deepEqual(of("COPY"), ["--from=build /opt/fairlead /opt/fairlead"]);
  assert.deepEqual(of("ADD"), []);
  assert.deepEqual(of("USER"), ["10001:10001"], "by number: Kubernetes cannot tell that a name is not root");
  assert.ok(last.findIndex(({ name }) => name === "USER") > last.findLastIndex(({ name }) => name === "RUN"));
  for (const name of ["ENTRYPOINT", "CMD"])
    assert.doesNotThrow(() => JSON.parse(of(name)[0] ?? ""), `${name} needs no shell`);
  const [check = ""] = of("HEALTHCHECK");
  const command: unknown = JSON.parse(/CMD (\[.*\])$/.exec(check)?.[1] ?? "");
  assert.ok(Array.isArray(command) && command[0] === "node" && String(command[2]).includes("/healthz"));
  const ignored = deployed("Dockerfile.dockerignore").split("\n");
  assert.equal(
    ignored.find((line) => line !== "" && !line.startsWith("#")),
    "*",
    "what is not listed stays out",
  );
  for (const line of ignored.filter((each) => each.startsWith("!"))) {
    assert.ok(existsSync(join(TOP, line.slice(1))), `${line.slice(1)} is there`);
  }
  for (const folder of packageJson.files)
    assert.ok(ignored.includes(`!${folder}`), `${folder} is in the image`);
});

interface ComposeService {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
}

test("compose gives the controller every file that its configuration names, and publishes nginx alone", async (t) => {
  const { services } = parse(deployed("compose.yaml")) as { services: Record<string, ComposeService> };
  for (const [name, service] of Object.entries(services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
  }
  const { controller, nginx } = services;
  assert.ok(controller !== undefined && nginx !== undefined);
  assert.equal(controller.ports, undefined);
  assert.deepEqual(nginx.ports, ["80:80", "443:443"]);
  const mounts = (controller.volumes ?? []).map((each) => each.split(":")[1] ?? "");
  const config = await configOf(t, deployed("fairlead.yaml"));
  const files = [
    ...secretsOf(config),
    ...["gitCa", "stateDir", "artifacts"].map((key) => String(config.get(key))),
  ];
  for (const file of files) {
    assert.ok(
      mounts.some((mount) => file === mount || file.startsWith(`${mount}/`)),
      `${file} is mounted`,
    );
  }
  const [script = ""] = (nginx.command ?? []).slice(-1);
  const [, upstream = ""] = /s\/(server 127\.0\.0\.1:8080;)\//.exec(script) ?? [];
  assert.ok(
    upstream !== "" && deployed("nginx.conf").includes(upstream),
    "what it replaces is in nginx.conf",
  );
});

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { name: string; containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { name: string; mountPath: string; readOnly?: boolean }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: { type: string };
    readonly selector?: unknown;
    readonly podSelector?: unknown;
    readonly ports?: readonly { targetPort: string }[];
    readonly ingress?: readonly { ports: readonly { port: string }[] }[];
    readonly template: {
      readonly metadata: { readonly labels: unknown };
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly containers: readonly Container[];
        readonly volumes: readonly {
          name: string;
          secret?: { secretName: string; defaultMode: number };
          configMap?: { name: string };
          persistentVolumeClaim?: { claimName: string };
        }[];
      };
    };
  };
}

test("the manifests of Kubernetes fit together: one replica, secrets for a group, probes, ports, and no root", async (t) => {
  // kubectl reads YAML 1.1, where 0440 is octal.
  const manifests = parseAllDocuments(deployed("kubernetes/fairlead.yaml"), { version: "1.1" }).map(
    (document) => document.toJS() as Manifest,
  );
  const only = (kind: string): Manifest => {
    const [found, ...more] = manifests.filter((each) => each.kind === kind);
    assert.ok(found !== undefined && more.length === 0, `one ${kind}`);
    return found;
  };
  const { spec } = only("Deployment");
  assert.deepEqual([spec.replicas, spec.strategy], [1, { type: "Recreate" }]);
  const pod = spec.template.spec;
  const [container, ...more] = pod.containers;
  assert.ok(container !== undefined && more.length === 0);
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.equal(pod.securityContext.fsGroup, 10001);
  assert.equal(pod.securityContext.runAsUser, 10001, "as in the image");
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });

  const volume = (name: string) => pod.volumes.find((each) => each.name === name);
  assert.equal(
    volume("secrets")?.secret?.defaultMode,
    0o440,
    "for the group of the pod, and for nobody else",
  );
  assert.equal(
    volume("state")?.persistentVolumeClaim?.claimName,
    only("PersistentVolumeClaim").metadata.name,
  );
  assert.equal(volume("config")?.configMap?.name, only("ConfigMap").metadata.name);
  assert.deepEqual(
    container.volumeMounts.map(({ name }) => name).sort(),
    pod.volumes.map(({ name }) => name).sort(),
  );

  const config = await configOf(t, only("ConfigMap").data?.["fairlead.yaml"] ?? "");
  const at = (name: string): string =>
    container.volumeMounts.find((each) => each.name === name)?.mountPath ?? "";
  for (const file of secretsOf(config)) assert.ok(file.startsWith(`${at("secrets")}/`), file);
  assert.equal(config.get("stateDir"), at("state"));
  assert.equal(container.args.at(-1), `${at("config")}/fairlead.yaml`);

  const ports = new Map(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  assert.equal(config.get("listen"), `0.0.0.0:${ports.get("agents")}`);
  assert.equal(config.get("operatorListen"), `0.0.0.0:${ports.get("operators")}`);
  const named = [
    ...manifests
      .filter(({ kind }) => kind === "Service")
      .flatMap((each) => each.spec.ports ?? [])
      .map((each) => each.targetPort),
    ...(only("NetworkPolicy").spec.ingress ?? []).flatMap((each) => each.ports).map((each) => each.port),
    ...(["startupProbe", "livenessProbe", "readinessProbe"] as const).map(
      (probe) => container[probe].httpGet.port,
    ),
  ];
  for (const name of named) assert.ok(ports.has(name), `a port ${name}`);
  assert.deepEqual(
    [container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path],
    ["/healthz", "/readyz"],
  );
  const labels = spec.template.metadata.labels;
  for (const each of manifests.filter(({ kind }) => kind === "Service"))
    assert.deepEqual(each.spec.selector, labels);
  assert.deepEqual(spec.selector, { matchLabels: labels });
  assert.deepEqual(only("NetworkPolicy").spec.podSelector, { matchLabels: labels });
});
