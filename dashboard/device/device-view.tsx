import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError, unreachable } from "../api/api-error.ts";
import { useLack, useSession } from "../api/session.ts";
import { useRead } from "../api/use-read.ts";
import type { Agent } from "../fleet/fleet-rows.ts";
import { lookOf, shownInstallation } from "../fleet/fleet-words.ts";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { Empty } from "../parts/empty.tsx";
import { type Fact, Head, Pairs } from "../parts/head.tsx";
import { Icon } from "../parts/icon.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { Time, useNow } from "../parts/time.tsx";
import { useQuery } from "../shell/navigation.ts";
import { devicePath, fleetPath } from "../shell/routes.ts";
import { useKeys } from "../shell/use-keys.ts";
import { AttemptList } from "./attempt-list.tsx";
import { arrowOf, clockText, factsOf, keyText } from "./device-words.ts";
import { ProductRow } from "./product-row.tsx";
import { WhyCard } from "./why-card.tsx";
import "./device.css";

/** One machine: whether it is healthy, and why it is on this version. */
export function DeviceView({ id }: { readonly id: string }): JSX.Element {
  const reading = useRead("/api/v1/agents/{id}", {
    path: { id },
    on: ["device", "attempt", "request"],
    about: id,
  });
  useKeys({
    e: () => {
      const why = document.getElementById("why");
      why?.scrollIntoView({ block: "start" });
      why?.focus({ preventScroll: true });
    },
  });
  if (reading.kind === "failed" && reading.trouble.status === 404) {
    return (
      <>
        <Head
          title={<span class="mono-title">{id}</span>}
          tab={id}
          crumbs={[{ name: "Fleet", href: "/fleet" }]}
        />
        <Empty title="There is no such machine" command="fairlead agents list --search ID">
          It may have been removed, or belong to a tenant that you do not see. Look for a part of its id.
        </Empty>
      </>
    );
  }
  return (
    <ReadingView of={reading} awaiting={<Head title={<span class="mono-title">{id}</span>} tab={id} />}>
      {(agent) => <Device agent={agent} again={reading.again} />}
    </ReadingView>
  );
}

function Device({ agent, again }: { readonly agent: Agent; readonly again: () => void }): JSX.Element {
  const { id, tenant, site, installations, lastSeenAt } = agent;
  const [query] = useQuery();
  const now = useNow();
  const products = installations.map(({ product }) => product);
  const first = shownInstallation(agent, undefined);
  const asked = query.get("product");
  const product = products.find((name) => name === asked) ?? first?.product;
  const { icon, tone, word } = lookOf(agent, first);
  const toUpdate = installations.find((one) => arrowOf(one, agent.requests, now).kind === "ready");
  return (
    <>
      <Head
        title={<span class="mono-title">{id}</span>}
        tab={id}
        crumbs={[
          { name: "Fleet", href: "/fleet" },
          ...(tenant === null ? [] : [{ name: tenant, href: fleetPath({ tenant }) }]),
          ...(tenant === null || site === null ? [] : [{ name: site, href: fleetPath({ tenant, site }) }]),
        ]}
        facts={[
          { name: "agent", value: agent.agentVersion },
          { name: "platform", value: agent.platform },
        ]}
      >
        <span class={`badge box ${tone}`}>
          <Icon name={icon} />
          {word}
          {first?.installed == null ? "" : `, runs ${first.installed.version}`}
        </span>{" "}
        <span class="after-badge">
          {lastSeenAt === null ? (
            "enrolled, never seen since"
          ) : (
            <>
              seen <Time at={lastSeenAt} />
            </>
          )}
          {agent.belowMinimum !== null && `; below ${agent.belowMinimum}, refused until it is updated`}
          {agent.clonedSince !== null && (
            <>
              ; its key is in two places since <Time at={agent.clonedSince} as="clock" />
            </>
          )}
        </span>
      </Head>
      <div class="grid2 wide-left">
        <div class="stack">
          <Card
            title="What it runs"
            flush
            tail={<Look id={id} isAsked={agent.requests.some(({ kind }) => kind === "look")} again={again} />}
          >
            {installations.length === 0 && (
              <p class="in q2">It has said nothing of any product yet. Its first check-in does.</p>
            )}
            {installations.map((one) => (
              <ProductRow
                key={one.product}
                agent={agent}
                installation={one}
                isFirst={one === toUpdate}
                onDone={again}
              />
            ))}
          </Card>
          <AttemptList id={id} />
        </div>
        <div class="stack">
          {product !== undefined && <WhyCard id={id} product={product} products={products} />}
          <Card title="Identity and facts">
            <Pairs pairs={pairsOf(agent)} />
          </Card>
          <Card title="The same as commands">
            <div class="commands">
              <CommandLine>{`fairlead agents explain ${id}${products.length > 1 ? ` --product ${product}` : ""}`}</CommandLine>
              <CommandLine>{`fairlead agents update ${id}${products.length > 1 ? ` --product ${product}` : ""}`}</CommandLine>
              <CommandLine>{`fairlead requests list --all --device ${id}`}</CommandLine>
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}

/** Asks the machine to look at the manifest now. */
function Look({
  id,
  isAsked,
  again,
}: {
  readonly id: string;
  readonly isAsked: boolean;
  readonly again: () => void;
}): JSX.Element {
  const { client } = useSession();
  const lack = useLack("operator");
  const [trouble, setTrouble] = useState("");
  if (isAsked) return <span>asked to look again, at its next check-in</span>;
  return (
    <>
      {trouble !== "" && <span class="halt">{trouble} </span>}
      <Button
        small
        lack={lack}
        hideLack
        onPress={() =>
          client
            .send("POST /api/v1/agents/{id}/look", { path: { id } })
            .then(again, (error: unknown) =>
              setTrouble((error instanceof ApiError ? error : unreachable()).message),
            )
        }
      >
        Look again
      </Button>
    </>
  );
}

function pairsOf(agent: Agent): readonly Fact[] {
  const {
    publicKey,
    keyGeneration,
    enrolledAt,
    lastSeenAt,
    labels,
    copyOf,
    clonedSince,
    address,
    clockSkew,
  } = agent;
  const named = Object.entries(labels);
  return [
    {
      name: "Key",
      value: (
        <>
          <code>ed25519 {keyText(publicKey)}</code>{" "}
          {keyGeneration > 1 && <span class="q">generation {keyGeneration}</span>}
          {clonedSince !== null && <b class="halt"> seen in two places</b>}
        </>
      ),
    },
    ...(copyOf === null
      ? []
      : [
          {
            name: "Copy of",
            value: (
              <a class="link mono" href={devicePath(copyOf)}>
                {copyOf}
              </a>
            ),
          },
        ]),
    { name: "Enrolled", value: <Time at={enrolledAt} as="clock" /> },
    {
      name: "Last seen",
      value:
        lastSeenAt === null ? (
          "never"
        ) : (
          <>
            <Time at={lastSeenAt} />
            {address !== null && (
              <>
                {" "}
                from <code>{address}</code>
              </>
            )}
          </>
        ),
    },
    { name: "Place", value: [agent.tenant ?? "no tenant", agent.site ?? "no site"].join(" / ") },
    ...(named.length === 0
      ? []
      : [
          {
            name: "Labels",
            value: named.map(([name, value], index) => (
              <>
                {index > 0 && " "}
                <a class="label" href={fleetPath({ label: `${name}=${value}` })}>
                  <code>{`${name}=${value}`}</code>
                </a>
              </>
            )),
          },
        ]),
    { name: "Platform", value: agent.platform },
    ...factsOf(agent).map(({ name, value, lack }) => ({
      name,
      value:
        lack === undefined ? (
          value
        ) : (
          <>
            <b class="halt">{value}</b> <span class="q">{lack}</span>
          </>
        ),
    })),
    {
      name: "Clock",
      value: Math.abs(clockSkew) > 300 ? <b class="warn">{clockText(clockSkew)}</b> : clockText(clockSkew),
    },
    { name: "Agent", value: agent.agentVersion },
  ];
}
