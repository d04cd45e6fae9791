import type { JSX } from "preact";
import type { Explanation } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Card } from "../parts/card.tsx";
import { Commit } from "../parts/commit.tsx";
import { FilePlace } from "../parts/file-place.tsx";
import { Icon } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { ReadingView } from "../parts/reading-view.tsx";
import { devicePath } from "../shell/routes.ts";
import { linesOf, OUTCOME_WORDS, placeIn, toneOf, whyTitle } from "./device-words.ts";

interface WhyCardProps {
  readonly id: string;
  readonly product: string;
  readonly products: readonly string[];
}

/** Why it runs what it runs: what each rule said, in order, as `fairlead agents explain` prints it. */
export function WhyCard({ id, product, products }: WhyCardProps): JSX.Element {
  const reading = useRead("/api/v1/agents/{id}/explain", {
    path: { id },
    query: { product },
    on: ["device", "attempt", "rollout"],
    about: id,
  });
  // Apart from it: a trail does not wait for git.
  const places = useRead("/api/v1/agents/{id}/explain/lines", {
    path: { id },
    query: { product },
    on: ["device", "attempt", "rollout"],
    about: id,
  });
  const title =
    reading.kind === "shown" ? whyTitle(reading.value, products.length > 1) : `Why ${product} stays`;
  return (
    <div id="why" tabIndex={-1}>
      <Card
        title={title}
        flush
        tail={
          reading.kind === "shown" && reading.value.commit !== undefined ? (
            <>
              explain, at <Commit id={reading.value.commit} />
            </>
          ) : undefined
        }
      >
        {products.length > 1 && (
          <nav class="of-products" aria-label="Product">
            {products.map((name) => (
              <a
                key={name}
                href={`${devicePath(id)}?product=${encodeURIComponent(name)}`}
                aria-current={name === product ? "true" : undefined}
              >
                {name}
              </a>
            ))}
          </nav>
        )}
        <ReadingView of={reading}>
          {({ decision, commit }) => (
            <Trail
              decision={decision}
              commit={commit}
              lineOf={linesOf(places.kind === "shown" ? places.value : undefined, commit)}
            />
          )}
        </ReadingView>
      </Card>
    </div>
  );
}

const ICONS = { set: "chose", pass: "plus", skip: "minus", stop: "halted", end: "check" } as const;

interface TrailProps {
  readonly decision: Explanation["decision"];
  /** Of the manifest that it was decided by. */
  readonly commit: string | undefined;
  /** The line of a place; `undefined` where it is not known. */
  readonly lineOf: (where: string) => number | undefined;
}

function Trail({ decision, commit, lineOf }: TrailProps): JSX.Element {
  const { trail } = decision;
  return (
    <ol class="trail">
      {trail.map(({ rule, outcome, text, where }, index) => {
        const place = where === undefined ? undefined : { ...placeIn(where), line: lineOf(where) };
        const tone = toneOf(decision, index);
        return (
          <li key={`${rule} ${index}`} class={tone}>
            <Icon name={ICONS[tone]} />
            <span class="rule">
              {rule}
              <span class="vh">, {OUTCOME_WORDS[outcome]}</span>
            </span>
            <span>
              <MarkedText>{text}</MarkedText>
              {place !== undefined && (
                <span class="where" title={where}>
                  <FilePlace
                    file={place.file}
                    line={place.line}
                    {...(commit === undefined ? {} : { commit })}
                  />
                  {place.pointer === "" ? "" : ` ${place.pointer}`}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
