import type { JSX } from "preact";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";

export function CommitView({ commit }: { readonly commit: string }): JSX.Element {
  return (
    <>
      <Head title={`Commit ${commit.slice(0, 7)}`} tab={`Commit ${commit.slice(0, 7)}`} />
      <Empty title="Nothing is shown here yet" />
    </>
  );
}
