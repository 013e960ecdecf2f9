/** What stands behind `hauswart-agent`. */
import { parseArgs } from "node:util";

/** The command line cannot be understood; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `Usage: hauswart-agent COMMAND [OPTIONS]

  enrol --server URL --token TOKEN   enrol this computer; the token also from HAUSWART_AGENT_TOKEN
        [--name NAME]                what people shall call it; its host name when left out
        [--proxy URL]                http://user:password@host:port, pac+https://host/proxy.pac, or direct
        [--ca FILE]                  certificates (PEM) to trust instead of the well-known ones
  run                                measure and report, until ended; what the service runs
  status [--json]                    where it is enrolled, whether it is connected, what it measures
  collect [--json] [--check ID]      show everything that would be sent, without a server
  version

  --data DIRECTORY                   where the agent keeps its files; also HAUSWART_AGENT_DATA
`;

const optionsOf = {
  enrol: { server: { type: "string" }, token: { type: "string" }, name: { type: "string" }, proxy: { type: "string" }, ca: { type: "string" } },
  run: {},
  status: { json: { type: "boolean" } },
  collect: { json: { type: "boolean" }, check: { type: "string" } },
  version: {},
} as const;

export type CommandName = keyof typeof optionsOf;

export interface CommandLine {
  readonly command: CommandName | "help";
  readonly text: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, boolean | undefined>>;
}

/** @throws UsageError */
export function parseCommandLine(argumentList: readonly string[]): CommandLine {
  const [command = "help", ...rest] = argumentList;
  if (["help", "--help", "-h"].includes(command) || rest.includes("--help")) return { command: "help", text: {}, flags: {} };
  if (command === "--version") return { command: "version", text: {}, flags: {} };
  if (!(command in optionsOf)) throw new UsageError(`There is no command "${command}".`);
  const name = command as CommandName;
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: rest, options: { ...optionsOf[name], data: { type: "string" } }, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const entries = Object.entries(values);
  return {
    command: name,
    text: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
    flags: Object.fromEntries(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean")),
  };
}

/** The value of an option that has to be there. @throws UsageError */
export function required(line: CommandLine, name: string): string {
  const value = line.text[name];
  if (!value) throw new UsageError(`--${name} is missing.`);
  return value;
}
