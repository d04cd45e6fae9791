import type { ComponentChildren, JSX } from "preact";
import { useTitle } from "../shell/use-title.ts";

export interface Crumb {
  readonly name: string;
  readonly href: string;
}

export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

interface HeadProps {
  /** The answer of the view, as a sentence or a name. */
  readonly title: ComponentChildren;
  /** The same for the tab; the shell adds the name of the program. */
  readonly tab: string;
  /** The way to here. */
  readonly crumbs?: readonly Crumb[];
  /** A sentence below the answer. */
  readonly children?: ComponentChildren;
  /** A few numbers at the right. */
  readonly facts?: readonly Fact[];
  /** Something else at the right, such as a button. */
  readonly end?: ComponentChildren;
}

/** What every view begins with: the answer is the heading. */
export function Head({ title, tab, crumbs, children, facts, end }: HeadProps): JSX.Element {
  useTitle(tab);
  return (
    <div class="head">
      <div>
        {crumbs !== undefined && <Crumbs way={crumbs} />}
        <h1 tabIndex={-1}>{title}</h1>
        {children !== undefined && <p>{children}</p>}
      </div>
      {facts !== undefined && <Facts facts={facts} />}
      {end}
    </div>
  );
}

export function Crumbs({ way }: { readonly way: readonly Crumb[] }): JSX.Element {
  return (
    <nav aria-label="Where this is">
      <ol class="crumbs">
        {way.map(({ name, href }) => (
          <li key={href}>
            <a href={href}>{name}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Names and values, one pair a line. */
export function Pairs({ pairs }: { readonly pairs: readonly Fact[] }): JSX.Element {
  return (
    <dl class="pairs">
      {pairs.map(({ name, value }) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  );
}
