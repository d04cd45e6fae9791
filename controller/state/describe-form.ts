/** How a mistake in one form of value is reported; the schema keyword `form` names the form. */
export interface FormFault {
  readonly rule: string;
  readonly message: string;
  readonly label?: string;
  readonly help: string;
}

/**
 * @param form  value of the schema keyword `form`
 * @param shown the value as it stands in the file
 * @param data  the value as it was read
 */
export function describeForm(form: string, shown: string, data: unknown): FormFault {
  switch (form) {
    case "percent":
      return {
        rule: "value/bad-percent",
        message: `\`${shown}\` is not a percentage from 0 to 100`,
        help: "write it as `2%` or `0.5%`, with at most four decimals",
      };
    case "duration":
      return {
        rule: "value/bad-duration",
        message: `\`${shown}\` is not a length of time`,
        ...(typeof data === "number" ? { label: "has no unit" } : {}),
        help: "write whole numbers with a unit, `s`, `m`, `h`, `d` or `w`: `90s`, `4h`, `1h30m`; at most ten years",
      };
    case "date":
      return {
        rule: "value/bad-date",
        message: `\`${shown}\` is not a date of the calendar`,
        help: "write it as `2027-01-31`, or with time and zone as `2027-01-31T18:00:00Z`",
      };
    case "timeZone":
      return {
        rule: "value/bad-time-zone",
        message: `\`${shown}\` is not a time zone of the IANA database`,
        help: "write a name such as `Europe/Berlin`, `America/New_York` or `UTC`",
      };
    case "clockTime":
      return {
        rule: "value/bad-clock-time",
        message: `\`${shown}\` is not a time of day from 00:00 to 23:59`,
        help: 'write hours and minutes with two digits each, in quotes: `"02:00"`',
      };
    case "weekday":
      return {
        rule: "value/bad-weekday",
        message: `\`${shown}\` is not a day of the week`,
        help: "write `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`",
      };
    case "sha256":
      return {
        rule: "value/bad-sha256",
        message: `\`${shown}\` is not a SHA-256`,
        ...(typeof data === "number" ? { label: "a number without quotes" } : {}),
        help: "write the 64 lower-case hexadecimal digits that `sha256sum` prints; `fairlead release add` does it",
      };
    case "byteSize":
      return {
        rule: "value/bad-byte-size",
        message: `\`${shown}\` is not a number of bytes`,
        help: "write a whole number of bytes, or one with a unit, `KiB`, `MiB`, `GiB` or `TiB`: `512MiB`",
      };
    case "factRange":
      return {
        rule: "value/bad-range",
        message: `\`${shown}\` is not a range`,
        help: "write numbers parted by dots with comparators, such as `>=2.31`, alternatives joined by `||`",
      };
    case "httpsUrl":
      return {
        rule: "version/bad-url",
        message: `\`${shown}\` is not an https URL`,
        help: "write it whole, such as `https://docs.acme.example/reinstall`",
      };
    case "version":
    case "range":
      if (typeof data === "number") {
        return {
          rule: "schema/unquoted-version",
          message: `\`${shown}\` is read as the number ${data}, not as a version`,
          label: "a number without quotes",
          help: `put quotes around it: \`"${shown}"\``,
        };
      }
      return form === "version"
        ? {
            rule: "value/bad-version",
            message: `\`${shown}\` is not a version`,
            help: "write the exact version, such as `1.4.2`: no `v` in front, no range, no build metadata",
          }
        : {
            rule: "value/bad-range",
            message: `\`${shown}\` is not a range of versions`,
            help: "write comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`",
          };
    default:
      return {
        rule: "schema/bad-name",
        message: `\`${shown}\` cannot be ${NAMED[form] ?? "a name"}`,
        help: NAME_HELP[form] ?? "names are lower-case letters, digits and dashes and start with a letter",
      };
  }
}

const NAMED: Readonly<Record<string, string>> = {
  deviceId: "the id of a device",
  platform: "a platform",
  groupReference: "a reference to a group",
  channelName: "a channel",
  matchText: "what a label or fact is compared with",
  cpuFeature: "a feature of a processor",
  pointer: "a place in the file",
  packageName: "the name of a package",
  packageVersion: "the version of a package",
  repositoryName: "the name of a repository",
};

const NAME_HELP: Readonly<Record<string, string>> = {
  deviceId: "write the id as `fairlead-agent status` shows it",
  platform: "write operating system and architecture, such as `linux-x64` or `darwin-arm64`",
  groupReference: "write tenant and group, such as `acme/canaries`",
  channelName: "write lower-case letters, digits and dashes, and dots inside, such as `stable-4.14`",
  matchText: "write the value of the label or fact, or a range such as `>=2.31`",
  packageName: "write letters, digits, `+`, `.`, `_` and `-`, such as `acme-agent`",
  packageVersion: "write it whole, as the package manager prints it, such as `1.4.2-1`",
  repositoryName: "write letters, digits, `.`, `_` and `-`, as the vendor calls it",
  cpuFeature: "write it as the kernel names it, such as `avx2`",
  pointer:
    "write a JSON pointer, such as `/devices/d-7f3a90c1`: it begins with `/`, and `~1` stands for a `/` in a key",
};
