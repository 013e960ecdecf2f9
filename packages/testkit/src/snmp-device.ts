/** A real snmpd of Net-SNMP on loopback, with values of its own and any others that a test gives it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeUdpPort } from "./ports.ts";

export interface SnmpDevice extends AsyncDisposable {
  readonly port: number;
  /** Ends it; it answers no more. */
  stop(): Promise<void>;
  /** Starts it anew on the same port, its counters from zero. @param values instead of those it had */
  start(values?: Readonly<Record<string, SnmpDeviceValue>>): Promise<void>;
}

/** Kind as snmpd.conf names it, and the value. */
export type SnmpDeviceValue = readonly [
  kind: "integer" | "uinteger" | "octet_str" | "counter" | "object_id" | "timeticks",
  value: string | number,
];

export interface SnmpDeviceOptions {
  readonly community?: string;
  /** User, authentication, its password, privacy, its password: as in snmpd.conf. */
  readonly users?: readonly (readonly [name: string, auth: string, authPassword: string, priv: string, privPassword: string])[];
  /** Values by OID, in the place of its own. */
  readonly values?: Readonly<Record<string, SnmpDeviceValue>>;
  /** 127.0.0.1, or another address of loopback. */
  readonly address?: string;
  readonly port?: number;
}

/** Why there is none here; undefined when there is. */
export const whyNoSnmpd = (): string | undefined => (snmpdPath() === undefined ? "needs snmpd" : undefined);

const snmpdPath = () => Bun.which("snmpd", { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` }) ?? undefined;

/** Starts one; it answers when this returns. `await using` stops it. */
export async function startSnmpDevice(options: SnmpDeviceOptions): Promise<SnmpDevice> {
  const { community, users = [], values = {}, address = "127.0.0.1" } = options;
  const port = options.port ?? (await freeUdpPort(address));
  const folder = mkdtempSync(join(tmpdir(), "hauswart-snmpd-"));
  const file = join(folder, "snmpd.conf");
  let running: { stop(): Promise<void> } | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const start = async (given = values) => {
    await stop();
    writeFileSync(
      file,
      [
        `agentaddress ${address.includes(":") ? `udp6:[${address}]` : `udp:${address}`}:${port}`,
        "sysName test-device",
        "sysLocation Cellar",
        ...(community === undefined ? [] : [`rocommunity ${community}`, `rocommunity6 ${community}`]),
        ...users.flatMap(([name, auth, authPassword, priv, privPassword]) => [
          `createUser ${name} ${auth} "${authPassword}" ${priv} "${privPassword}"`,
          `rouser ${name} authpriv`,
        ]),
        ...Object.entries(given).map(
          ([oid, [kind, value]]) => `override ${oid} ${kind} ${kind === "octet_str" ? JSON.stringify(value) : value}`,
        ),
        "",
      ].join("\n"),
      { mode: 0o600 },
    );
    running = await run(folder, file);
  };
  await start();
  return {
    port,
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function run(folder: string, file: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn(snmpdPath()!, ["-f", "-Le", "-C", "-c", file, "-p", join(folder, "pid"), "-I", "-smux,-agentx"], {
    env: { ...process.env, SNMP_PERSISTENT_DIR: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (part: Buffer) => {
      said += part.toString();
      if (/NET-SNMP version/.test(said)) resolve();
    });
    void ended.then(() => reject(new Error(`snmpd ended: ${said}`)));
  });
  return {
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
