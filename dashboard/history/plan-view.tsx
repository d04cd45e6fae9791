import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function PlanView(): JSX.Element {
  return (
    <>
      <Head title="Plan" tab="Plan" />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
