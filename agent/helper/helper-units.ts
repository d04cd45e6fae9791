import { PACKAGE_FORMATS } from "../../protocol/release.ts";
import { systemdCommandLine, xml } from "../service/service-definition.ts";
import type { HelperProduct } from "./helper-config.ts";

/** Managers that can run the privileged helper. */
export const HELPER_MANAGERS = ["systemd", "launchd"] as const;

/** What a service manager needs to run it. */
export interface HelperService {
  /** Program and arguments, the program absolute. */
  readonly command: readonly string[];
  readonly products: readonly Pick<HelperProduct, "format">[];
}

/** Its definition, to be put where the manager looks for such files. */
export function helperDefinition(manager: (typeof HELPER_MANAGERS)[number], service: HelperService): string {
  switch (manager) {
    case "systemd":
      return helperUnit(service);
    case "launchd":
      return helperPlist(service);
  }
}

/**
 * It is not sandboxed as the agent's unit is, since it installs; what it does is bounded by what it verifies. Stopping it
 * lets it end what it has begun. Scripts of packages run inside it, and do what they do elsewhere.
 */
function helperUnit({ command, products }: HelperService): string {
  const runsScripts = products.some(({ format }) => PACKAGE_FORMATS.some((one) => one === format));
  const bounds = runsScripts ? "" : "ProtectHome=read-only\nRestrictAddressFamilies=AF_UNIX\n";
  return `[Unit]
Description=Fairlead: installs signed versions for the agent
Before=fairlead-agent.service

[Service]
Type=exec
ExecStart=${systemdCommandLine(command)}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=10min
StateDirectory=fairlead-helper
StateDirectoryMode=0700
NoNewPrivileges=no
${bounds}UMask=0022

[Install]
WantedBy=multi-user.target
`;
}

/** A daemon of the system domain. */
function helperPlist({ command }: HelperService): string {
  const words = command.map((word) => `    <string>${xml(word)}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>fairlead-helper</string>
  <key>ProgramArguments</key>
  <array>
${words.join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
</dict>
</plist>
`;
}
