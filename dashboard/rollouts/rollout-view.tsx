import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function RolloutView({
  product,
  channel,
}: {
  readonly product: string;
  readonly channel: string;
}): JSX.Element {
  return (
    <>
      <Head title={`${product} / ${channel}`} tab={`${product} / ${channel}`} />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
