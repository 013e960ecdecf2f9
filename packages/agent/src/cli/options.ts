/** What stands behind `hauswart-agent`. */

/** The command line cannot be understood; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `Usage: hauswart-agent COMMAND [OPTIONS]

  enrol --server URL --token TOKEN   enrol this computer; also from HAUSWART_AGENT_SERVER and HAUSWART_AGENT_TOKEN
        [--name NAME]                what people shall call it; its host name when left out
        [--proxy URL]                http://user:password@host:port, pac+https://host/proxy.pac, or direct
        [--ca FILE]                  certificates (PEM) to trust besides the well-known ones
        [--later]                    for installers: the service enrols as soon as it reaches the server
  run                                measure and report, until ended; what the service runs
  status [--json]                    where it is enrolled, whether it is connected, what it measures
  collect [--json] [--check ID]      show everything that would be sent, without a server
        [--costs]                    what each check costs this computer instead
  install                            install the service that runs the agent, and start it
  uninstall [--yes]                  remove the service, the program, the key and all files; asks unless --yes
        [--files]                    for installers: the key and all files alone
  stop                               for installers on Windows: end the service and wait until its program is free
  version

  --data DIRECTORY                   where the agent keeps its files; also HAUSWART_AGENT_DATA
`;

/** What each command takes besides `--data`: a text, or nothing but its name. */
const optionsOf = {
  enrol: { server: "text", token: "text", name: "text", proxy: "text", ca: "text", later: "flag" },
  run: { service: "flag" },
  status: { json: "flag" },
  collect: { json: "flag", check: "text", costs: "flag" },
  install: {},
  uninstall: { yes: "flag", files: "flag" },
  stop: {},
  version: {},
  // For the agent itself, which starts it as a process of its own; it stands in no help.
  "disk-pages": { device: "text", protocol: "text" },
} as const satisfies Record<string, Record<string, "text" | "flag">>;

export type CommandName = keyof typeof optionsOf;

export interface CommandLine {
  readonly command: CommandName | "help";
  readonly text: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, boolean | undefined>>;
}

/**
 * Understands `COMMAND --name value --name=value --flag`. Of our own, because node:util's parser alone takes 2 MB of the running agent.
 * @throws UsageError
 */
export function parseCommandLine(argumentList: readonly string[]): CommandLine {
  const [command = "help", ...rest] = argumentList[0] === "service" ? argumentList.slice(1) : argumentList;
  if (["help", "--help", "-h"].includes(command) || rest.includes("--help")) return { command: "help", text: {}, flags: {} };
  if (command === "--version") return { command: "version", text: {}, flags: {} };
  if (!Object.hasOwn(optionsOf, command)) throw new UsageError(`There is no command "${command}".`);
  const kinds: Readonly<Record<string, "text" | "flag">> = { ...optionsOf[command as CommandName], data: "text" };
  const text: Record<string, string> = {};
  const flags: Record<string, boolean> = {};
  for (let index = 0; index < rest.length; index++) {
    const [, name = "", inline] = /^--([a-z]+)(?:=(.*))?$/s.exec(rest[index]!) ?? [];
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw new UsageError(`${command} does not take "${rest[index]}".`);
    if (kind === "flag") {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value.`);
      flags[name] = true;
    } else {
      const value = inline ?? rest[++index];
      if (value === undefined) throw new UsageError(`--${name} needs a value.`);
      text[name] = value;
    }
  }
  return { command: command as CommandName, text, flags };
}

/** The value of an option that has to be there. @throws UsageError */
export function required(line: CommandLine, name: string): string {
  const value = line.text[name];
  if (!value) throw new UsageError(`--${name} is missing.`);
  return value;
}
