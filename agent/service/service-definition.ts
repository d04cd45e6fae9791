import { posix, win32 } from "node:path";
import { type RecoveredProgram, recoveryTask, withoutRecoveryTask } from "./windows-recovery.ts";

/** Who starts programs on a machine. */
export const SERVICE_MANAGERS = ["systemd", "launchd", "windows"] as const;
export type ServiceManager = (typeof SERVICE_MANAGERS)[number];

/** What a service is to do. */
export interface ServiceSpec {
  /** As the manager calls it. */
  readonly name: string;
  /** Absolute program and arguments. */
  readonly command: readonly string[];
  /** What is kept up to date, for people. */
  readonly products: readonly string[];
  /** Absolute paths of folders that the agent writes to. */
  readonly writable: readonly string[];
  /** Runs as this user; absent: as the manager itself, which is root. */
  readonly user?: string;
  /**
   * Whether the machine is closed to it but for `writable`. Not where a package manager is asked to install: that writes
   * wherever the package says.
   */
  readonly confined: boolean;
  /**
   * Where the program itself is kept up to date: before each start the copy of its previous version, kept in this folder,
   * ends what is half-done. A version that cannot start has nobody else to put the previous one back.
   */
  readonly recovery?: { readonly keptIn: string; readonly home: string };
  /** Programs of Windows services: an hourly task beside the agent's ends what is half-done with them. */
  readonly recovered?: readonly RecoveredProgram[];
}

const RECOVER = 'for kept in "$1"/previous-*; do [ ! -x "$kept" ] || "$kept" resume --home "$2"; done';

/** What has to be there and to be run for a service. Every command can be repeated. */
export interface ServiceDefinition {
  /** Absolute path of the file that defines it. */
  readonly path: string;
  readonly text: string;
  /** Makes it known, has it started now and at each boot. */
  readonly start: readonly (readonly string[])[];
  /** Stops it, before the file is removed. */
  readonly stop: readonly (readonly string[])[];
  /** After the file is removed. */
  readonly forget: readonly (readonly string[])[];
  /** Prints whether it runs. */
  readonly state: readonly string[];
}

export function defineService(manager: ServiceManager, spec: ServiceSpec): ServiceDefinition {
  switch (manager) {
    case "systemd":
      return systemdService(spec);
    case "launchd":
      return launchdService(spec);
    case "windows":
      return windowsService(spec);
  }
}

/** Names that every manager takes as they are. */
export function isServiceName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
}

function describe({ products }: ServiceSpec): string {
  return `Fairlead agent: keeps ${products.join(", ")} up to date`;
}

function systemdService(spec: ServiceSpec): ServiceDefinition {
  const { name, command, writable, user, confined, recovery } = spec;
  const unit = `${name}.service`;
  const text = `# Written by \`fairlead-agent service install\`, which replaces it.
[Unit]
Description=${percents(describe(spec))}
Wants=network-online.target
After=network-online.target
# It comes back for ever: a machine without its updater would stay as it is.
StartLimitIntervalSec=0

[Service]
Type=exec
${recovery === undefined ? "" : `ExecStartPre=-${systemdCommandLine(["/bin/sh", "-c", RECOVER, "sh", recovery.keptIn, recovery.home])}\n`}ExecStart=${systemdCommandLine(command)}
${user === undefined ? "" : `User=${user}\n`}Restart=always
RestartSec=10
TimeoutStopSec=90
# What its restart command started must not end with it.
KillMode=process
UMask=0077

${confined ? confinement(writable) : OPEN}
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
LockPersonality=yes
RestrictRealtime=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
  return {
    path: `/etc/systemd/system/${unit}`,
    text,
    start: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", unit],
      ["systemctl", "restart", unit],
    ],
    stop: [["systemctl", "disable", "--now", unit]],
    forget: [["systemctl", "daemon-reload"]],
    state: ["systemctl", "is-active", unit],
  };
}

/** As systemd reads it: each word quoted, and no variable replaced. */
export function systemdCommandLine(words: readonly string[]): string {
  return words.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ");
}

/** New versions run here for their self-test, so that what they need at start stays open: devices, the network, processes. */
function confinement(writable: readonly string[]): string {
  return `# It writes to its home and beside what it keeps up to date, and nowhere else.
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${writable.map(quoted).join(" ")}
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes`;
}

const OPEN = `# A package manager that it asks to install writes wherever the package says: the file system stays open.
ProtectHome=no`;

/** systemd.syntax(7) and systemd.unit(5): quotes, backslashes, and percent signs, which would be specifiers. */
function quoted(word: string): string {
  const escaped = percents(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

function percents(text: string): string {
  return text.replaceAll("%", "%%");
}

function launchdService(spec: ServiceSpec): ServiceDefinition {
  const { name, command, user } = spec;
  const path = posix.join("/Library/LaunchDaemons", `${name}.plist`);
  const words = command.map((word) => `    <string>${xml(word)}</string>`).join("\n");
  const owner = user === undefined ? "" : `  <key>UserName</key>\n  <string>${xml(user)}</string>\n`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by \`fairlead-agent service install\`, which replaces it. -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xml(name)}</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
${owner}  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`;
  return {
    path,
    text,
    start: [
      ["launchctl", "enable", `system/${name}`],
      ["launchctl", "bootstrap", "system", path],
    ],
    stop: [["launchctl", "bootout", `system/${name}`]],
    forget: [],
    state: ["launchctl", "print", `system/${name}`],
  };
}

/**
 * A task that starts with the machine: the Task Scheduler's own form (schema 1.2), because a Windows service must answer
 * the service manager, which a program of Node does not.
 */
function windowsService(spec: ServiceSpec): ServiceDefinition {
  const { name, command, user, recovered = [] } = spec;
  const [program = "", ...args] = command;
  const folder = spec.writable[0] ?? "C:\\ProgramData\\fairlead-agent";
  const path = win32.join(folder, `${name}.task.xml`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by \`fairlead-agent service install\`, which replaces it. -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${xml(describe(spec))}</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
    <TimeTrigger>
      <!-- Once an hour: starts it again where it ended for good. -->
      <StartBoundary>2020-01-01T00:00:00</StartBoundary>
      <Repetition>
        <Interval>PT1H</Interval>
      </Repetition>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(user ?? "S-1-5-18")}</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(args.map(windowsQuoted).join(" "))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
  return {
    path,
    text,
    start: [
      ["schtasks", "/Create", "/F", "/TN", name, "/XML", path],
      ...recovered.map(recoveryTask),
      ["schtasks", "/Run", "/TN", name],
    ],
    stop: [
      ...recovered.map(withoutRecoveryTask),
      ["schtasks", "/End", "/TN", name],
      ["schtasks", "/Delete", "/F", "/TN", name],
    ],
    forget: [],
    state: ["schtasks", "/Query", "/TN", name],
  };
}

/** As CommandLineToArgvW takes words apart. */
function windowsQuoted(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** Text inside an element of XML. */
export function xml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
