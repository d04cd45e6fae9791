/** Keys that speak of the machine, and so of all its products. */
export const MACHINE_KEYS = [
  "schemaVersion",
  "server",
  "tenant",
  "tenant_key",
  "site",
  "labels",
  "update_check_interval",
  "download_min_rate",
  "download_max_rate",
  "download_rate_window",
  "check_in",
  "report_logs",
  "helper_socket",
  "proxy",
  "products",
] as const;

/** Keys that speak of one product: at the top of the file, or under its name in `products`. */
export const PRODUCT_KEYS = [
  "install_path",
  "format",
  "channel",
  "pin",
  "auto_update",
  "defer_at_most",
  "self_test",
  "self_test_timeout",
  "restart",
  "confirm",
  "confirm_timeout",
  "confirm_attempts",
  "health",
  "executable",
  "package",
  "package_repository",
  "package_without_way_back",
  "service",
  "self",
] as const;

/** Every key that the file may have at its top. */
export const KEYS = [...MACHINE_KEYS, "product", ...PRODUCT_KEYS] as const;
export type Key = (typeof KEYS)[number];

type Value = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>>;

/** What `enroll` writes: every key but the version of the form. */
export type ConfigValues = Readonly<Partial<Record<Exclude<Key, "schemaVersion">, Value>>>;
