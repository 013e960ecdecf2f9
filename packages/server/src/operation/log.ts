/**
 * The server's log: one JSON object a line for machines, short lines on a terminal. Fields pass `redact` first.
 * A message is a fixed sentence; what varies goes into the fields, so that lines can be counted and searched.
 */
import { pino } from "pino";
import { redact, redactText } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Details of a line. An error belongs into the field `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines. */
  with(fields: LogFields): Logger;
}

export interface LogOptions {
  /** Lines below this level are dropped. Default: info. */
  readonly level?: LogLevel;
  /** `json`: one object a line. `lines`: for a person at a terminal. */
  readonly format: "json" | "lines";
  /** Where a finished line goes, newline included. Default: standard output. */
  readonly write?: (line: string) => void;
}

/** Makes the logger of a process. Writing is synchronous, so that the last line before a crash is there. */
export function makeLogger(options: LogOptions): Logger {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const stream = { write: options.format === "json" ? write : (line: string) => write(readableLine(line)) };
  return wrap(
    pino(
      {
        level: options.level ?? "info",
        base: null,
        messageKey: "message",
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (level) => ({ level }), log: (fields) => redact(fields) as Record<string, unknown> },
      },
      stream,
    ),
  );
}

/** A logger that says nothing. For tests that do not look at the log. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLogger,
};

function wrap(target: pino.Logger): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => target[level](fields ?? {}, redactText(message));
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => wrap(target.child(redact(fields) as pino.Bindings)),
  };
}

/** Turns a JSON line into `12:30:05 warn  mail refused  address=a@b.example`, an error's stack below it. */
function readableLine(line: string): string {
  const { level, time, message, error, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" && !/\s/.test(value) ? value : JSON.stringify(value)}`,
  );
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  return `${clock} ${String(level).padEnd(5)} ${[message, ...details].join("  ")}\n${error === undefined ? "" : readableError(error)}`;
}

function readableError(error: unknown): string {
  const { stack, message, cause } = (typeof error === "object" && error !== null ? error : { message: error }) as Record<string, unknown>;
  const text = String(stack ?? message).replaceAll(/^/gm, "         ");
  return `${text}\n${cause === undefined ? "" : readableError(cause)}`;
}
