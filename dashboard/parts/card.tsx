import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface CardProps {
  readonly title: string;
  /** At the right of the title: a link, or what the numbers mean. */
  readonly tail?: ComponentChildren;
  readonly children: ComponentChildren;
  /** What is inside has margins of its own, as a list or a table has. */
  readonly flush?: boolean;
}

/** A part of a view on a ground of its own. */
export function Card({ title, tail, children, flush = false }: CardProps): JSX.Element {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {tail !== undefined && <span class="tail s q">{tail}</span>}
      </header>
      {flush ? children : <div class="in">{children}</div>}
    </section>
  );
}

/** A part of a view without a ground. */
export function Section({ title, tail, children }: Omit<CardProps, "flush">): JSX.Element {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {tail !== undefined && <span class="tail s q">{tail}</span>}
      </header>
      {children}
    </section>
  );
}
