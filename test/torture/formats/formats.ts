import { archive } from "./tortured-archive.ts";
import { binary } from "./tortured-binary.ts";
import { deb } from "./tortured-deb.ts";
import type { TorturedFormat } from "./tortured-format.ts";
import { rpm } from "./tortured-rpm.ts";

/** Every format that an agent on Linux can install by itself: a new one is tortured once it stands here. */
export const TORTURED_FORMATS: readonly TorturedFormat[] = [binary, archive, deb, rpm];
