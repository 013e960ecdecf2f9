/** `hauswart-agent status`. */
import { formatFor } from "@hauswart/protocol/format.ts";
import { askStatus } from "../control/control-socket.ts";
import type { AgentStatus } from "../control/status.ts";
import { readEnrolment } from "../state/enrolment.ts";
import { table } from "./table.ts";
import type { CommandContext } from "./cli.ts";

/** Exit code when no agent runs here. */
const notRunning = 3;
/** A clock that is off by less is right. */
const clockToleranceMs = 5_000;

export async function statusCommand({ line, data, print }: CommandContext): Promise<number> {
  const enrolment = readEnrolment(data);
  const status = enrolment && (await askStatus(data));
  if (line.flags["json"]) {
    const { server, deviceId, enrolledAt } = enrolment ?? {};
    print(JSON.stringify({ enrolled: enrolment ? { server, deviceId, enrolledAt } : null, running: status ?? null }, null, 2));
  } else if (!enrolment) {
    print(`This computer is not enrolled (${data.path}).`);
  } else if (!status) {
    print(`Enrolled at ${enrolment.server} as device ${enrolment.deviceId}.\nNo agent is running. Nothing is measured.`);
  } else {
    print(renderStatus(status, Date.now()));
  }
  return status ? 0 : notRunning;
}

/** The status for a person. @param now Unix time in milliseconds. */
export function renderStatus(status: AgentStatus, now: number): string {
  const format = formatFor("en");
  const { buffer } = status;
  const ago = (atMs: number | null) => (atMs === null ? "never" : `${format.duration(Math.max(0, now - atMs) / 1_000)} ago`);
  const rows: [string, string][] = [
    ["Agent", `${status.version}, process ${status.processId}, running for ${format.duration((now - status.startedAt) / 1_000)}`],
    ["Server", status.server],
    ["Device", status.deviceId],
    ["Proxy", status.proxy],
    ["Connection", connection(status.link, now)],
    ["Last stored by the server", ago(status.lastAcknowledgedAt)],
    ["Clock", clock(status.clockOffsetMs)],
    [
      "Buffer",
      `${format.bytes(buffer.usedBytes)} of ${format.bytes(buffer.limitBytes)}, ${buffer.waitingBatches} batches wait for the server`,
    ],
  ];
  if (status.update) rows.push(["Application", application(status.update)], ["Last update", lastUpdate(status.update, ago)]);
  if (buffer.mode === "memory") rows.push(["", `the disk takes nothing, samples wait in memory: ${buffer.problem ?? ""}`]);
  if (buffer.droppedSamples > 0) rows.push(["", `${buffer.droppedSamples} samples were given up for want of space`]);
  const checks = status.checks.map(({ check, instance, everySeconds, dailyAtHour, lastAt, lastOutcome, tookMs, nextAt }) => [
    instance ? `${check} (${instance})` : check,
    dailyAtHour === undefined ? `every ${format.duration(everySeconds)}` : `daily at ${dailyAtHour}:00`,
    lastOutcome ?? "not yet measured",
    ago(lastAt),
    tookMs === null ? "" : `took ${format.number(tookMs, 1)} ms`,
    `next in ${format.duration(Math.max(0, nextAt - now) / 1_000)}`,
  ]);
  const none = "\nNo checks: the server has not said yet what to measure.";
  return table(rows) + (checks.length > 0 ? `\n\n${table(checks)}` : none);
}

function connection(link: AgentStatus["link"], now: number): string {
  const format = formatFor("en");
  if (link.state === "connected") return `connected for ${format.duration((now - (link.at ?? now)) / 1_000)}`;
  if (link.state === "waiting")
    return `not connected (${link.reason ?? ""}); next attempt in ${format.duration(Math.max(0, (link.at ?? now) - now) / 1_000)}`;
  return link.state === "stopped" ? "stopping" : "connecting";
}

type UpdateStatus = NonNullable<AgentStatus["update"]>;

function application({ running, isTrial }: UpdateStatus): string {
  const place = running === "built-in" ? "the one within the program" : `of an update, in slot ${running}`;
  return isTrial ? `${place}; on trial until the server welcomes it` : place;
}

function lastUpdate({ last }: UpdateStatus, ago: (atMs: number) => string): string {
  if (!last) return "none yet";
  const { version, outcome, code, detail, at } = last;
  const words = { confirmed: "succeeded", "rolled-back": "was taken back", failed: "failed" }[outcome] ?? outcome;
  return `${version} ${words} ${ago(at)}${code === "" ? "" : ` (${code}${detail === "" ? "" : `: ${detail}`})`}`;
}

function clock(offsetMs: number | null): string {
  if (offsetMs === null) return "not compared yet";
  if (Math.abs(offsetMs) < clockToleranceMs) return "right";
  return `${formatFor("en").duration(Math.abs(offsetMs) / 1_000)} ${offsetMs > 0 ? "fast" : "slow"}`;
}
