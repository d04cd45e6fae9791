/** What a service manager needs to run the privileged helper. */
export interface HelperService {
  /** Program and first arguments of the agent, each absolute or plain. */
  readonly agent: readonly string[];
  readonly config: string;
}

/**
 * The helper's unit of systemd. It is not sandboxed as the agent's is, since it installs; what it does is bounded by what
 * it verifies. Stopping it lets it end what it has begun.
 */
export function helperUnit({ agent, config }: HelperService): string {
  const command = [...agent, "helper", "--config", config].map((word) => `"${word}"`).join(" ");
  return `[Unit]
Description=Fairlead: installs signed versions for the agent
Before=fairlead-agent.service

[Service]
Type=exec
ExecStart=${command}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=10min
StateDirectory=fairlead-helper
StateDirectoryMode=0700
NoNewPrivileges=no
ProtectHome=read-only
RestrictAddressFamilies=AF_UNIX
UMask=0022

[Install]
WantedBy=multi-user.target
`;
}

/** The same for launchd: a daemon of the system domain. */
export function helperPlist({ agent, config }: HelperService): string {
  const words = [...agent, "helper", "--config", config].map(
    (word) => `    <string>${escapeXml(word)}</string>`,
  );
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

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
