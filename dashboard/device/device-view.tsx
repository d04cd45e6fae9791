import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function DeviceView({ id }: { readonly id: string }): JSX.Element {
  return (
    <>
      <Head title={id} tab={id} />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
