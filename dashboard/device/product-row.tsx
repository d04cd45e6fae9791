import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError, unreachable } from "../api/api-error.ts";
import { useLack, useSession } from "../api/session.ts";
import type { Agent } from "../fleet/fleet-rows.ts";
import type { Installation } from "../fleet/fleet-words.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { sentence } from "../parts/reading-view.tsx";
import { writeSentence } from "../parts/text-pieces.ts";
import { Time, useNow } from "../parts/time.tsx";
import { shortReason } from "../rollouts/rollout-words.ts";
import { arrowOf } from "./device-words.ts";

interface ProductRowProps {
  readonly agent: Agent;
  readonly installation: Installation;
  /** One in a view is filled. */
  readonly isFirst: boolean;
  readonly onDone: () => void;
}

/** One product: what runs, since when, and the arrow to what is offered. */
export function ProductRow({ agent, installation, isFirst, onDone }: ProductRowProps): JSX.Element {
  const { client } = useSession();
  const lack = useLack("operator");
  const now = useNow();
  const [trouble, setTrouble] = useState<ApiError>();
  const { product, installed, since, appliedChannel, pin, autoUpdate, blocked } = installation;
  const arrow = arrowOf(installation, agent.requests, now);
  // What keeps it from the version that the arrow leads to stands beside the arrow.
  const shownBlocks = blocked.filter(({ version }) => arrow.kind !== "blocked" || arrow.to !== version);
  const path = { id: agent.id };
  const act = (done: Promise<unknown>): void => {
    setTrouble(undefined);
    done.then(onDone, (error: unknown) => setTrouble(error instanceof ApiError ? error : unreachable()));
  };
  const update = (): void => act(client.send("POST /api/v1/agents/{id}/update", { path, body: { product } }));
  const back = agent.requests.find((one) => one.kind === "rollback" && one.product === product);
  const cancel = (id: string): void => act(client.send("DELETE /api/v1/requests/{id}", { path: { id } }));
  return (
    <div class="product">
      <div>
        <h3 class="move">
          {product} <span class="q">{installed?.version ?? "not installed"}</span>
        </h3>
        <p class="q2 s">
          since <Time at={since} as="clock" />
          {appliedChannel !== null && `, on ${appliedChannel}`}
          {pin !== undefined && `; keeps to ${pin} by its own choice`}
          {autoUpdate === false && "; installs only on request, by its own choice"}
        </p>
        {shownBlocks.map(({ version, reason, until }) => (
          <p class="s halt" key={version}>
            {version} failed here: {writeSentence(reason, now)}
            {until > now && (
              <>
                {"; tried again "}
                <Time at={until} />
              </>
            )}
          </p>
        ))}
      </div>
      <div class="go">
        {arrow.kind === "ready" && (
          <Button first={isFirst} lack={lack} onPress={update}>
            <Icon name="up" />
            Update to v{arrow.to}
          </Button>
        )}
        {arrow.kind === "blocked" && (
          <Button lack={writeSentence(shortReason(arrow.reason), now)}>
            <Icon name="up" />
            Update to v{arrow.to}
          </Button>
        )}
        {arrow.kind === "asked" && (
          <span class="badge quiet">
            <Icon name="waiting" />
            Update to v{arrow.to} is asked
          </span>
        )}
        {arrow.kind === "under-way" && (
          <span class="badge quiet" role="status">
            <Icon name="moving" />
            {arrow.step}
          </span>
        )}
        {arrow.kind === "ready" && <span class="s q">{writeSentence(arrow.note, now)}</span>}
        {arrow.kind === "asked" && (
          <span class="s q">
            {arrow.note}{" "}
            <button class="link" type="button" onClick={() => cancel(arrow.request.id)}>
              Cancel
            </button>
          </span>
        )}
        {arrow.kind === "gone" && (
          <span class="badge quiet">
            <Icon name="done" />
            {installed === null ? "Nothing is offered" : "Runs what it should"}
          </span>
        )}
        {back !== undefined ? (
          <span class="s q">
            asked to go back{" "}
            <button class="link" type="button" onClick={() => cancel(back.id)}>
              Cancel
            </button>
          </span>
        ) : (
          lack === undefined &&
          installed !== null && (
            <button
              class="link s"
              type="button"
              onClick={() =>
                act(client.send("POST /api/v1/agents/{id}/rollback", { path, body: { product } }))
              }
            >
              Roll back to what it kept
            </button>
          )
        )}
        {trouble !== undefined && (
          <span class="s halt" role="status">
            {sentence(trouble.message)} {trouble.help === undefined ? "" : sentence(trouble.help)}
          </span>
        )}
      </div>
    </div>
  );
}
