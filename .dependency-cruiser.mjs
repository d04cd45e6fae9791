/** The walls of the house. Each rule says why it stands; `npm run check:walls` holds them. */
const inside = (folder) => `^${folder}/`;

export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "A circle means that two rooms are one room, or that a wall is missing.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "agent-without-controller",
      comment: "They ship apart and are updated apart: they meet in protocol/ only.",
      severity: "error",
      from: { path: inside("agent") },
      to: { path: inside("controller") },
    },
    {
      name: "controller-without-agent",
      comment: "The controller must never depend on what an agent happens to do.",
      severity: "error",
      from: { path: inside("controller") },
      to: { path: inside("agent") },
    },
    {
      name: "protocol-stands-alone",
      comment: "What both sides must agree on depends on neither, and on no library but semver.",
      severity: "error",
      from: { path: inside("protocol") },
      to: { pathNot: [inside("protocol"), "^node:crypto$", "^crypto$", "node_modules/semver/"] },
    },
    {
      name: "agent-travels-light",
      comment: "The agent runs on machines of strangers: node builtins, semver and yaml, nothing else.",
      severity: "error",
      from: { path: inside("agent") },
      to: {
        dependencyTypesNot: ["core", "local"],
        pathNot: [inside("agent"), inside("protocol"), "node_modules/(semver|yaml)/"],
      },
    },
    {
      name: "http-reads-only",
      comment: "What faces the network can neither read the source nor sign: it serves prepared bytes.",
      severity: "error",
      from: { path: inside("controller/http") },
      to: {
        path: [
          "^controller/(source|keys|release)/",
          "^controller/publish/(?!published-manifest)",
          "node_modules/tweetnacl/",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "keys-below-releases",
      comment:
        "A release is signed with a key; a key ceremony knows no release but what the state says of it.",
      severity: "error",
      from: { path: inside("controller/keys") },
      to: { path: inside("controller/release") },
    },
    {
      name: "rules-are-pure",
      comment: "A rule sees what it is given; otherwise validate, plan and reconcile could disagree.",
      severity: "error",
      from: { path: ["^controller/(rules|diagnostics|trust)/", "^controller/desired/"] },
      to: {
        path: ["^(node:)?(fs|child_process|net|http|https)(/|$)", "^controller/(source|http|commands)/"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "commands-are-leaves",
      comment: "Commands only parse arguments and print: nothing but the entry point imports one.",
      severity: "error",
      from: { path: "^(controller|agent)/", pathNot: ["^(controller|agent)/(commands/|main\\.ts)"] },
      to: { path: "^(controller|agent)/commands/" },
    },
    {
      name: "no-development-dependency",
      comment: "What ships must not need what only development installs.",
      severity: "error",
      from: { path: "^(protocol|controller|agent)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-unresolvable",
      comment: "An import that resolves to nothing fails at run time, on somebody else's machine.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
    },
  },
};
