import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function RolloutsView(): JSX.Element {
  return (
    <>
      <Head title="Rollouts" tab="Rollouts" />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
