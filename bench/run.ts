/** `npm run bench [-- poll|reconcile|deaf|agent|update-time|validate|plan|channels|gate|streams|fleet-store|first-view|live-list]`: every figure beside its peer, in the same run. */
const sections = {
  poll: async () => (await import("./poll.ts")).benchPoll(),
  reconcile: async () => (await import("./reconcile.ts")).benchReconcile(),
  deaf: async () => (await import("./deaf.ts")).benchDeaf(),
  validate: async () => (await import("./validate.ts")).benchValidate(),
  plan: async () => (await import("./plan.ts")).benchPlan(),
  channels: async () => (await import("./many-channels.ts")).benchManyChannels(),
  gate: async () => (await import("./gate.ts")).benchGate(),
  streams: async () => (await import("./streams.ts")).benchStreams(),
  "fleet-store": async () => (await import("./fleet-store.ts")).benchFleetStore(),
  "first-view": async () => (await import("./first-view.ts")).benchFirstView(),
  "live-list": async () => (await import("./live-list.ts")).benchLiveList(),
  agent: async () => (await import("./agent.ts")).benchAgent(),
  "update-time": async () => (await import("./update-time.ts")).benchUpdateTime(),
} as const;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0) {
  console.error(`error: no section ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}`);
  process.exitCode = 2;
} else {
  console.log(
    `node ${process.versions.node}, medians of interleaved rounds, ratios to the first row of each table`,
  );
  for (const [name, bench] of Object.entries(sections)) {
    if (asked.length === 0 || asked.includes(name)) await bench();
  }
}
