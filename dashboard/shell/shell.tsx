import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { DeviceView } from "../device/device-view.tsx";
import { FleetView } from "../fleet/fleet-view.tsx";
import { CommitView } from "../history/commit-view.tsx";
import { HistoryView } from "../history/history-view.tsx";
import { PlanView } from "../history/plan-view.tsx";
import { OverviewView } from "../overview/overview-view.tsx";
import { Head } from "../parts/head.tsx";
import { RolloutView } from "../rollouts/rollout-view.tsx";
import { RolloutsView } from "../rollouts/rollouts-view.tsx";
import { FindDialog } from "./find-dialog.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { LostLine } from "./lost-line.tsx";
import { useNavigation } from "./navigation.ts";
import { PersonDialog } from "./person-dialog.tsx";
import { areaOf, pathAbove, type Route, routeOf } from "./routes.ts";
import { switchTheme } from "./theme-choice.ts";
import { TopBar } from "./top-bar.tsx";
import { useKeys } from "./use-keys.ts";

type OpenDialog = "find" | "help" | "person";

/** The bar at the top, the view that the address names, and what floats above both. */
export function Shell(): JSX.Element {
  const { place, go, back } = useNavigation();
  const [dialog, setDialog] = useState<OpenDialog>();
  const route = routeOf(place.path);
  const above = pathAbove(route);
  // A dialog says that it is closed a moment later, when another may be open already.
  const close = (which: OpenDialog) => (): void =>
    setDialog((before) => (before === which ? undefined : before));
  useKeys({
    "/": () => setDialog("find"),
    "?": () => setDialog("help"),
    t: () => void switchTheme(),
    "g o": () => go("/"),
    "g r": () => go("/rollouts"),
    "g f": () => go("/fleet"),
    "g h": () => go("/history"),
    ...(above === undefined ? {} : { Escape: () => back(above) }),
  });
  useFocusOnArrival(place.path);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <TopBar
        area={areaOf(route)}
        onFind={() => setDialog("find")}
        onTheme={() => void switchTheme()}
        onPerson={() => setDialog("person")}
      />
      <main id="main" tabIndex={-1}>
        <LostLine />
        <View key={place.path} route={route} />
      </main>
      {dialog === "find" && <FindDialog onClose={close("find")} />}
      {dialog === "help" && <HelpDialog onClose={close("help")} />}
      {dialog === "person" && <PersonDialog onClose={close("person")} />}
    </>
  );
}

function View({ route }: { readonly route: Route }): JSX.Element {
  switch (route.view) {
    case "overview":
      return <OverviewView />;
    case "rollouts":
      return <RolloutsView />;
    case "rollout":
      return <RolloutView product={route.product} channel={route.channel} />;
    case "fleet":
      return <FleetView />;
    case "device":
      return <DeviceView id={route.id} />;
    case "history":
      return <HistoryView />;
    case "commit":
      return <CommitView commit={route.commit} />;
    case "plan":
      return <PlanView />;
    case "nowhere":
      return (
        <Head title="There is nothing here" tab="Nothing here">
          <a class="link" href="/">
            The overview
          </a>{" "}
          has everything that there is.
        </Head>
      );
  }
}

/** Whoever goes to another view begins at its heading, with eyes and with a screen reader. */
function useFocusOnArrival(path: string): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (location.hash === "") scrollTo(0, 0);
    (document.querySelector<HTMLElement>("main h1") ?? document.getElementById("main"))?.focus({
      preventScroll: true,
    });
  }, [path]);
}
