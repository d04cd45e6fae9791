import { SystemdServices } from "../../../agent/service/systemd-services.ts";

/** A process of its own that restarts a service, inside or outside of it. */
const [service = ""] = process.argv.slice(2);
const services = new SystemdServices();
process.stdout.write(`ours: ${services.isOurs(service)}\n`);
try {
  await services.restart(service, { seconds: 60 });
  process.stdout.write("restarted\n");
} catch (error) {
  process.stdout.write(`${error instanceof Error && "code" in error ? error.code : error}\n`);
}
