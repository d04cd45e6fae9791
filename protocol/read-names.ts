import { isChannelName, isName } from "./manifest-names.ts";
import { badDocument, type Reader, text } from "./read-json.ts";

const shortText = text({ max: 63 });

/** The name of a product, tenant, site or group. */
export const readName: Reader<string> = (value, at) => {
  const read = shortText(value, at);
  if (!isName(read)) throw badDocument(at, "lower-case letters, digits and dashes", value);
  return read;
};

export const readChannelName: Reader<string> = (value, at) => {
  const read = shortText(value, at);
  if (!isChannelName(read)) throw badDocument(at, "lower-case letters, digits, dashes and dots", value);
  return read;
};
