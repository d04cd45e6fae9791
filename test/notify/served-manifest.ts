import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { type SampleOptions, sampleManifest, sampleTenantKey } from "../http/sample-manifest.ts";

/** The sample manifest as the serving thread has it. */
export function servedManifest(options: SampleOptions = {}): ServedManifest {
  const intake = new ManifestIntake(sampleTenantKey);
  for (const step of new ManifestPacker().pack(sampleManifest(options))) {
    if (step.kind === "files") intake.add(step.batch);
    else return intake.switchTo(step.head);
  }
  throw new Error("a manifest without a head");
}
