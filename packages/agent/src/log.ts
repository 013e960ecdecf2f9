/** What the agent tells about itself: one line per event on standard error, where the service manager takes it. */

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** @param write takes one line without its line feed. */
export function createLog(write: (line: string) => void = console.error, now: () => number = Date.now): Log {
  const line =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const rest = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : ` ${name}=${quote(value)}`));
      write(`${new Date(now()).toISOString()} ${level} ${message}${rest.join("")}`);
    };
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

/** A value as one word: quoted when it has spaces, quotes or control characters, so that no value can forge a line. */
function quote(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w.:/@+,\-[\]]+$/.test(text) ? text : JSON.stringify(text);
}
