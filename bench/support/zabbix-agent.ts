/** Zabbix' own agent (zabbix_agent2 of the machine's Debian) beside ours: the same kinds of values, asked for once a minute. */
import { connect } from "node:net";
import type { Machine } from "@hauswart/testkit/nspawn.ts";
import { pause } from "./benchmark.ts";

/** Twenty items of the kinds that our six checks read. */
export const zabbixItems = [
  "agent.ping",
  "kernel.maxproc",
  "proc.num[]",
  "proc.num[,,run]",
  "system.boottime",
  "system.cpu.load[all,avg1]",
  "system.cpu.num",
  "system.cpu.util",
  "system.cpu.util[,iowait]",
  "system.hostname",
  "system.localtime",
  "system.swap.size[,pfree]",
  "system.uptime",
  'systemd.unit.info["cron.service",ActiveState]',
  "vfs.fs.inode[/,pfree]",
  "vfs.fs.size[/,free]",
  "vfs.fs.size[/,pfree]",
  "vfs.fs.size[/,total]",
  "vm.memory.size[available]",
  "vm.memory.size[total]",
] as const;

const headerBytes = 13;

/** Starts it on a port of loopback alone. The machine came with its package. */
export async function startZabbixAgent(machine: Machine, port: number): Promise<void> {
  const settings = [
    "Server=127.0.0.1",
    "ListenIP=127.0.0.1",
    `ListenPort=${port}`,
    "Hostname=bench",
    "LogType=system",
    "ControlSocket=/tmp/zabbix.sock",
  ];
  await machine.writeFile("/etc/zabbix/zabbix_agent2.conf", `${settings.join("\n")}\n`);
  await machine.mustRun(["systemctl", "restart", "zabbix-agent2"]);
}

/** One passive check: "ZBXD", flags, length, text, both ways (Zabbix documentation, appendix "Header and data length"). */
export async function askZabbix(port: number, item: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const header = Buffer.from("ZBXD\u0001\0\0\0\0\0\0\0\0", "latin1");
    header.writeUInt32LE(Buffer.byteLength(item), 5);
    const parts: Buffer[] = [];
    socket.on("connect", () => socket.write(Buffer.concat([header, Buffer.from(item)])));
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(parts).subarray(headerBytes).toString()));
  });
}

/** Asks for all items once a minute until told to stop. @throws when an item has no value */
export async function askEveryMinute(port: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const startedMs = performance.now();
    for (const item of zabbixItems) {
      const value = await askZabbix(port, item);
      if (value === "" || value.startsWith("ZBX_NOTSUPPORTED")) throw new Error(`zabbix_agent2 has no ${item}: ${value}`);
    }
    while (!isOver() && performance.now() - startedMs < 60_000) await pause(200);
  }
}
