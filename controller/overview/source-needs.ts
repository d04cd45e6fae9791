import { describeOutcome, type ReconcileOutcome } from "../reconcile/outcome.ts";
import { type Need, type NeedSubject, need } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { historyPage } from "./page-paths.ts";
import { capital, commitName, count, span } from "./phrases.ts";

/** Seconds without an answer of the source after which somebody should look, although it is tried again. */
const SOURCE_AWAY = 900;

/** Whether what git says is what is served. For those who may see all tenants: a file's name may be a tenant's. */
export function sourceNeeds({ tenants, controller, serving, now }: OverviewInput): Need[] {
  const { outcome, outcomeSince = outcome?.at ?? now, sourceSeenAt } = controller;
  if (tenants !== null || outcome === undefined) return [];
  const served =
    serving === undefined ? "Nothing is served." : `Served meanwhile: \`${commitName(serving.commit)}\`.`;
  switch (outcome.kind) {
    case "published":
      return [];
    case "refused":
      return [refusedNeed(outcome, outcomeSince, served)];
    case "held":
      return [heldNeed(outcome, outcomeSince, served)];
    case "stalled":
    case "waiting": {
      const away = sourceSeenAt === undefined ? now - outcomeSince : now - sourceSeenAt;
      if (outcome.kind === "waiting" && away < SOURCE_AWAY) return [];
      const { code, message, help } = outcome.cause;
      const tried = outcome.kind === "waiting" ? ` It is tried again by itself, for ${span(away)} now.` : "";
      return [
        need(code, {
          kind: "stalled",
          since: outcome.kind === "waiting" ? (sourceSeenAt ?? outcomeSince) : outcomeSince,
          what: "What git says cannot be read",
          why: `${capital(message)}${help === undefined ? "" : `: ${help}`}.${tried} ${served}`,
          subject: {},
          action: { label: "Look at the controller", commands: ["fairlead status"] },
        }),
      ];
    }
  }
}

function refusedNeed(
  { commit, diagnostics, omitted = 0 }: Extract<ReconcileOutcome, { kind: "refused" }>,
  since: number,
  served: string,
): Need {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const others = errors.length - 1 + omitted;
  const place = first === undefined ? undefined : placeOf(first);
  const more = others > 0 ? ` And ${count(others, "more mistake")}.` : "";
  const why =
    first === undefined || place === undefined
      ? "It does not check."
      : `\`${place.text}\`: ${first.message}.${more}`;
  return need(commit, {
    kind: "refused",
    since,
    what: `Commit \`${commitName(commit)}\` is not served`,
    why: `${why} ${served}`,
    subject: { commit, ...place?.subject },
    action: {
      label: place?.subject.line === undefined ? "Open the commit" : "Open the line",
      page: historyPage(commit),
      commands: ["fairlead validate"],
    },
  });
}

function placeOf({
  file,
  span: found,
}: Extract<ReconcileOutcome, { kind: "refused" }>["diagnostics"][number]): {
  readonly text: string;
  readonly subject: NeedSubject;
} {
  if (found === undefined) return { text: file, subject: { file } };
  const { line, column } = found;
  return { text: `${file}:${line}:${column}`, subject: { file, line } };
}

function heldNeed(outcome: Extract<ReconcileOutcome, { kind: "held" }>, since: number, served: string): Need {
  const { commit, hold } = outcome;
  const accepts = hold.cause === "not-descendant";
  return need(commit, {
    kind: "held-commit",
    since,
    what: `Commit \`${commitName(commit)}\` is held`,
    why: `${capital(describeOutcome(outcome))}. ${served}`,
    subject: { commit },
    action: {
      label: accepts ? "Look at it, and accept" : "Look at it",
      page: historyPage(commit),
      commands: accepts ? [`fairlead accept ${commit}`] : [],
    },
  });
}
