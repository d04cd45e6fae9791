import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import { NO_HISTORY, SAMPLE, sampleModel } from "./sample-model.ts";

// Publishes one commit of the sample into a state folder, for tests that kill it on the way.
const [stateFolder = "", commit = "", now = ""] = process.argv.slice(2);
const { publisher } = Publisher.open({ stateFolder, devKeys: true, onlineKeyFile: undefined });
const model = sampleModel(SAMPLE, commit);
publisher.publish(model, desiredPolicies(model, NO_HISTORY), Number(now));
