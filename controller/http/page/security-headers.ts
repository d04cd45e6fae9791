/**
 * What the page may do: load scripts, styles and pictures of its own, and ask the address that it came from. Nothing is
 * written into the document itself, no other site can frame it, and no window that it opens or that opened it can reach
 * it (CSP level 3; Cross-Origin-Opener-Policy of the HTML Living Standard).
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const FOR_ALL = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
} as const;

export const DOCUMENT_HEADERS = {
  ...FOR_ALL,
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
} as const;

export const PART_HEADERS = FOR_ALL;
