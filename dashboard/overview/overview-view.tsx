import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function OverviewView(): JSX.Element {
  return (
    <>
      <Head title="Overview" tab="Overview" />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
