/**
 * Ports for what cannot choose one itself, or has to come back to its own. Systems give ports of a range of their own to whoever listens at
 * any, or connects: on Linux from 32768 on, elsewhere from 49152. These are below, so that none of them is taken while its server is down.
 */
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";

const [first, count] = [20_000, 12_000];

/** A TCP port that is free just now. */
export const freePort = (address = "127.0.0.1"): Promise<number> =>
  free((port) => {
    const probe = createServer();
    return listens(probe, () => probe.listen(port, address));
  });

/** A UDP port that is free just now. */
export const freeUdpPort = (address: string): Promise<number> =>
  free((port) => {
    const probe = createSocket(address.includes(":") ? "udp6" : "udp4");
    return listens(probe, () => probe.bind(port, address));
  });

async function free(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * count);
    if (await isFree(port)) return port;
  }
}

/** @throws what keeps it from listening, unless it is that somebody else does */
function listens(probe: Server | Socket, begin: () => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
    probe.once("listening", () => probe.close(() => resolve(true)));
    begin();
  });
}
