import type { PackageManager } from "../packages/package-manager.ts";
export declare const RpmPackageManager: new () => PackageManager;
