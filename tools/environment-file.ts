/**
 * Settings as systemd reads them from an EnvironmentFile= (systemd.exec(5)), so that a command at the terminal has the very settings of
 * the service. Pure. systemd's rules are not those of a shell or of dotenv: nothing is expanded, and # within a value belongs to it.
 */
const line =
  /^[ \t\r]*(?:[#;].*|(?<name>[^=\n]*)=(?<quoted>(?:[ \t\r]*(?:'[^']*'|"(?:\\[^]|[^"\\])*"))*)[ \t\r]*(?<plain>(?:\\[^]|[^\\\n])*)|.*)$/gm;

/** @returns each name with its value; the last one counts. Throws for a quote that is never closed. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { groups = {} } of text.matchAll(line)) {
    const { name, quoted = "", plain = "" } = groups;
    if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.trim())) continue;
    if (/^['"]/.test(plain)) throw new Error(`${name.trim()}: its quote is not closed.`);
    values[name.trim()] = unquoted(quoted) + unescaped(plain.trimEnd());
  }
  return values;
}

const unquoted = (text: string): string =>
  [...text.matchAll(/'([^']*)'|"((?:\\[^]|[^"\\])*)"/g)]
    .map(([, single, double = ""]) => single ?? double.replaceAll(/\\([^])/g, (all, char: string) => escapedInQuotes(all, char)))
    .join("");

/** Between double quotes a backslash takes the meaning of these alone, and joins lines. */
const escapedInQuotes = (all: string, char: string): string => (char === "\n" ? "" : '"\\`$'.includes(char) ? char : all);

const unescaped = (text: string): string => text.replaceAll(/\\([^])/g, (_, char: string) => (char === "\n" ? "" : char));
