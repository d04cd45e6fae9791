import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function HistoryView(): JSX.Element {
  return (
    <>
      <Head title="History" tab="History" />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
