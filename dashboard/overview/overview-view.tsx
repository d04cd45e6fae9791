import "./overview.css";
import type { JSX } from "preact";
import { useSession } from "../api/session.ts";
import type { Overview } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { LatestCommits } from "../history/latest-commits.tsx";
import { Empty } from "../parts/empty.tsx";
import { Head } from "../parts/head.tsx";
import { writeCount } from "../parts/numbers.ts";
import { ReadingView } from "../parts/reading-view.tsx";
import { ChannelMatrix } from "./channel-matrix.tsx";
import { NeedsList } from "./needs-list.tsx";
import { RunningVersionsCard } from "./running-versions-card.tsx";
import { useRowKeys } from "./use-row-keys.ts";

/** Whether anything needs a person, and then how everything stands. */
export function OverviewView(): JSX.Element {
  const overview = useRead("/api/v1/overview", {
    on: ["rollout", "device", "attempt", "commit"],
    alsoByTime: true,
  });
  useRowKeys();
  return (
    <ReadingView of={overview} awaiting={<Awaiting />}>
      {(value) => <Content overview={value} />}
    </ReadingView>
  );
}

function Awaiting(): JSX.Element {
  return (
    <>
      <Head title="Overview" tab="Overview" />
      <ol class="needs awaiting">
        <li />
        <li />
        <li />
      </ol>
    </>
  );
}

function Content({ overview }: { readonly overview: Overview }): JSX.Element {
  const { heading, title, lead, needs, facts, products } = overview;
  const { caller } = useSession();
  return (
    <>
      <Head
        title={heading}
        tab={title}
        facts={[
          { name: "machines", value: writeCount(facts.machines) },
          { name: "reporting", value: writeCount(facts.reporting) },
          { name: "updating now", value: writeCount(facts.updating) },
          { name: "put back, 24 h", value: writeCount(facts.putBack) },
        ]}
      >
        {lead}
      </Head>
      <NeedsList needs={needs} />
      {products.some(({ channels }) => channels.length > 0) ? (
        <>
          <ChannelMatrix products={products} />
          <div class="grid2 stretch">
            {caller.tenants === null && <LatestCommits most={6} />}
            {facts.machines === 0 ? <NoMachine /> : <RunningVersionsCard products={products} />}
          </div>
        </>
      ) : (
        <NothingOffered isServed={overview.commit !== undefined} />
      )}
    </>
  );
}

function NoMachine(): JSX.Element {
  return (
    <section class="card">
      <Empty
        title="No machine has enrolled yet"
        command="fairlead tokens create --tenant TENANT --uses 50 --expires 2d"
      >
        A token says where its machines belong; docs/fleet.md has the rest.
      </Empty>
    </section>
  );
}

function NothingOffered({ isServed }: { readonly isServed: boolean }): JSX.Element {
  return (
    <section class="card section">
      {isServed ? (
        <Empty title="No channel points to a version" command="fairlead promote VERSION --to CHANNEL">
          A promotion is a commit; what it does to how many machines is shown here.
        </Empty>
      ) : (
        <Empty title="Nothing is served yet" command="fairlead status">
          The first good commit ends this.
        </Empty>
      )}
    </section>
  );
}
