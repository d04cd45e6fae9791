import { createHash } from "node:crypto";
import { ClientKey } from "../simulated-fleet/device-client.ts";
import { newMemory, SimulatedDevice } from "../simulated-fleet/simulated-device.ts";
import type { Machine } from "../simulated-fleet/world.ts";
import { PLACES, PLATFORMS } from "./fleet-state.ts";
import type { Play } from "./play.ts";
import type { ServedController } from "./served-controller.ts";

/** Enrolments under way at a time. */
const AT_ONCE = 32;
const DAY = 86_400;

/** Enrols all devices, each with a token of its place. */
export async function enrolFleet(
  play: Play,
  controller: ServedController,
  onEnrolled: (count: number) => void,
): Promise<SimulatedDevice[]> {
  const { agents } = play.settings;
  const tokens = await Promise.all(PLACES.map((place) => makeToken(controller, place, agents)));
  const devices = Array.from(
    { length: agents },
    (_, index) => new SimulatedDevice(play, keyOf(index), machineOf(index), newMemory("1.0.0")),
  );
  const next = devices.entries();
  let count = 0;
  const enrolSome = async (): Promise<void> => {
    for (const [index, device] of next) {
      await device.enrol(tokens[index % tokens.length] ?? "");
      onEnrolled(++count);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, enrolSome));
  return devices;
}

async function makeToken(
  controller: ServedController,
  place: (typeof PLACES)[number],
  uses: number,
): Promise<string> {
  const expiresAt = Math.floor(Date.now() / 1000) + DAY;
  const made = await controller.ask("POST", "/api/v1/tokens", { ...place, uses, expiresAt });
  if (typeof made === "object" && made !== null && "token" in made && typeof made.token === "string") {
    return made.token;
  }
  throw new Error("the controller made no token");
}

/** The same devices in each run, so that two runs can be compared. */
function keyOf(index: number): ClientKey {
  return ClientKey.fromSeed(createHash("sha256").update(`load ${index}`).digest());
}

function machineOf(index: number): Machine {
  // Spread by another number than places are, so that every platform is everywhere.
  const place = createHash("sha256").update(`machine ${index}`).digest().readUInt32BE(0) / 2 ** 32;
  let below = 0;
  for (const { name, share } of PLATFORMS) {
    below += share;
    if (place < below) return { platform: name, facts: factsOf(name, index) };
  }
  return { platform: "linux-x64", facts: factsOf("linux-x64", index) };
}

function factsOf(platform: string, index: number): Machine["facts"] {
  if (!platform.startsWith("linux-")) return { os: platform.startsWith("win32-") ? "windows" : "macos" };
  return index % 3 === 0 ? { os: "debian", glibc: "2.31" } : { os: "ubuntu", glibc: "2.39" };
}
