/** What a terminal acts on and JSON leaves as it is: the second set of control characters, and marks of direction. */
const UNPRINTABLE = /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** JSON for machines that is also safe on a terminal: the same value, with more of its characters escaped. */
export function printableJson(value: object, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
