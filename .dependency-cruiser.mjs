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
      name: "simulated-fleet-is-a-stranger",
      comment:
        "Simulated machines do what real ones do, so they may use the agent and meet the controller by HTTP; the controller starts their thread and knows its messages.",
      severity: "error",
      from: { path: inside("simulated-fleet") },
      to: { path: inside("controller") },
    },
    {
      name: "simulated-fleet-is-started",
      comment: "What imported it would bring the agent into the controller, or simulation into an agent.",
      severity: "error",
      from: { path: "^(agent|controller|protocol)/" },
      to: { path: inside("simulated-fleet"), pathNot: "^simulated-fleet/demo/messages\\.ts$" },
    },
    {
      name: "messages-stand-alone",
      comment: "They are what two strangers say to each other: whoever imports them gets nothing else.",
      severity: "error",
      from: { path: "^simulated-fleet/demo/messages\\.ts$" },
      to: {},
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
      name: "one-door-to-formats",
      comment:
        "The rest of the agent knows no format: a new one is a folder and a line in formats/formats.ts.",
      severity: "error",
      from: { path: inside("agent"), pathNot: [inside("agent/formats")] },
      to: { path: "^agent/formats/[^/]+/" },
    },
    {
      name: "formats-obey",
      comment:
        "A format does what the life cycle asks and looks at the machine; it decides nothing, fetches nothing and remembers nothing.",
      severity: "error",
      from: { path: inside("agent/formats") },
      to: {
        path: inside("agent"),
        pathNot: "^agent/(formats|files|process|installation|service|helper-link)/",
      },
    },
    {
      name: "formats-are-strangers",
      comment:
        "What two formats share belongs to files/ or process/, and what all package managers have in common to packages/; else changing one would break the other.",
      severity: "error",
      from: { path: "^agent/formats/([^/]+)/" },
      to: { path: "^agent/formats/([^/]+)/", pathNot: "^agent/formats/($1|packages)/" },
    },
    {
      name: "agent-ground-floor",
      comment:
        "Files, processes and the words of an installation serve every room, so they can lean on none.",
      severity: "error",
      from: { path: "^agent/(files|process|installation)/" },
      to: {
        path: inside("agent"),
        pathNot: "^agent/(files|process|installation)/",
      },
    },
    {
      name: "life-cycle-is-driven",
      comment:
        "It installs what it is handed: what to install is decided, and the manifest verified, outside of it.",
      severity: "error",
      from: { path: inside("agent/life-cycle") },
      to: { path: "^agent/(trust|fetch|decision|daemon|commands)/" },
    },
    {
      name: "git-gets-full-ids",
      comment:
        "GitRepository refuses short names, which git would look up as tags first: whoever starts git goes through it.",
      severity: "error",
      from: {
        path: inside("controller"),
        pathNot:
          "^controller/source/(git-repository|git-mirror|branch-writer|cat-file|run-verifier|fill-credentials)\\.ts$",
      },
      to: { path: "^controller/source/git-process\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "personal-git-is-for-edits",
      comment:
        "Git with a person's own settings and guesses is for what that person commits, never for what is judged or served.",
      severity: "error",
      from: { path: inside("controller"), pathNot: "^controller/edit/personal-git\\.ts$" },
      to: { path: "node_modules/simple-git/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "http-reads-only",
      comment: "What faces the network can neither read the source nor sign: it serves prepared bytes.",
      severity: "error",
      from: { path: inside("controller/http") },
      to: {
        path: [
          "^controller/(source|trust|keys|release|reconcile/reconcile)",
          "^controller/publish/(?!published-manifest)",
          "node_modules/tweetnacl/",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "page-asks-the-api",
      comment: "What the page knows, the API has told it: so everything that it shows can be had without it.",
      severity: "error",
      from: { path: inside("dashboard") },
      to: { pathNot: [inside("dashboard"), "node_modules/preact/"] },
    },
    {
      name: "page-is-for-browsers",
      comment: "The controller hands the page's files on and never runs them.",
      severity: "error",
      from: { path: ["^(protocol|controller|agent)/"] },
      to: { path: inside("dashboard") },
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
      name: "trust-below-ceremonies",
      comment:
        "What is signed is read and verified alike by whoever signs it: the ceremonies use trust/, never the reverse.",
      severity: "error",
      from: { path: inside("controller/trust") },
      to: { path: "^controller/(?!trust/|state/|diagnostics/|source/|files/)" },
    },
    {
      name: "keys-below-publish",
      comment:
        "Offline keys know nothing of what is served; a ceremony must run on a machine that never sees a controller.",
      severity: "error",
      from: { path: ["^controller/(keys|release)/"] },
      to: { path: "^controller/(publish|reconcile|http|serve|desired)/" },
    },
    {
      name: "publish-decides-nothing",
      comment:
        "Signing takes what reconcile decided. A signer that looked at commits could sign what was refused.",
      severity: "error",
      from: { path: inside("controller/publish") },
      to: {
        path: "^controller/(source|rules|validate|reconcile|http|serve)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "looking-changes-nothing",
      comment: "plan, explain, simulate and history only read: they neither sign, nor serve, nor edit.",
      severity: "error",
      from: { path: "^controller/(plan|explain|simulate|history|inventory|validate)/" },
      to: { path: "^controller/(keys|release|publish|reconcile|http|serve|edit)/" },
    },
    {
      name: "news-is-decided-apart",
      comment:
        "What is news, what it says and what a forge should show is computed from what is given: sending it is elsewhere, so that each can be tested without the other.",
      severity: "error",
      from: {
        path: [
          "^controller/notify/(areas-of|fact|next-news|outbox|message|cloud-event|slack-message|mail-message|sample-news)\\.ts$",
          "^controller/commit-status/(wanted-statuses|status-changes|forge-request)\\.ts$",
        ],
      },
      to: {
        path: [
          "^(node:)?(fs|child_process|net|http|https|dns|tls)(/|$)",
          "^controller/(call-out/post-json|notify/(deliver|send-mail|notifier)|files)",
          "node_modules/nodemailer/",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "serve-puts-together",
      comment:
        "The one place that knows every part. What needs it from elsewhere wants a part, not the whole.",
      severity: "error",
      from: { pathNot: "^controller/(serve|commands)/" },
      to: { path: inside("controller/serve") },
    },
    {
      name: "commands-are-leaves",
      comment: "Commands only parse arguments and print: nothing but an entry point imports one.",
      severity: "error",
      from: {
        path: "^(controller|agent)/",
        pathNot: ["^(controller|agent)/(commands/|main\\.ts)", "^controller/validate-alone\\.ts$"],
      },
      to: { path: "^(controller|agent)/commands/" },
    },
    {
      name: "no-development-dependency",
      comment: "What ships must not need what only development installs.",
      severity: "error",
      from: { path: "^(protocol|controller|agent|simulated-fleet)/" },
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
      extensions: [".ts", ".tsx", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
    },
  },
};
