import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function FleetView(): JSX.Element {
  return (
    <>
      <Head title="Fleet" tab="Fleet" />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
