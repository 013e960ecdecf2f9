/**
 * Opens the server's port. `localhost` means both loopback addresses: browsers and agents that are told `localhost` try IPv6
 * first, and must not end at another program that happens to have the same port there.
 */
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { HttpServerOptions } from "./create-http-server.ts";

const loopback = { four: "127.0.0.1", six: "::1" } as const;

export interface Listening {
  readonly port: number;
  /**
   * Takes another certificate for connections that come from now on; those that are there stay, with the old one. Bun's own `reload`
   * leaves the certificate as it was, so the port is given to a successor within one turn of the event loop. Connections that are
   * shaking hands in that moment are broken off and come again.
   */
  renew(tls: NonNullable<HttpServerOptions["tls"]>): void;
  /** Closes all connections. */
  stop(): Promise<void>;
}

/** The addresses that a host name of the settings stands for. */
export function addressesOf(host: string): readonly string[] {
  if (host !== "localhost") return [host];
  const hasSix = Object.values(networkInterfaces()).some((known) => known?.some(({ address }) => address === loopback.six));
  return hasSix ? [loopback.four, loopback.six] : [loopback.four];
}

/** Listens on every address of the host, with one port. When one of them is taken, none is left open. Throws what Bun says. */
export function listen(host: string, options: HttpServerOptions): Listening {
  const addresses = addressesOf(host);
  let servers: ReturnType<typeof Bun.serve>[] = [];
  /** Listen no more, but carry connections that were there when the certificate changed. */
  let leaving: ReturnType<typeof Bun.serve>[] = [];
  let { port } = options;
  try {
    for (const hostname of addresses) {
      const server = Bun.serve({ ...options, hostname, port });
      servers.push(server);
      port = server.port ?? port;
    }
  } catch (error) {
    for (const server of servers) void server.stop(true);
    throw error;
  }
  return {
    port,
    renew(tls) {
      leaving = [...leaving.filter(({ pendingRequests, pendingWebSockets }) => pendingRequests + pendingWebSockets > 0), ...servers];
      for (const server of servers) void server.stop(false);
      servers = addresses.map((hostname) => Bun.serve({ ...options, tls, hostname, port }));
    },
    stop: async () => void (await Promise.all([...servers, ...leaving].map((server) => server.stop(true)))),
  };
}

/** A port that is free on every address of the host just now. */
export async function freePort(host: string): Promise<number> {
  const [first, ...others] = addressesOf(host);
  for (let tries = 0; tries < 20; tries++) {
    const port = await probe(0, first!);
    const taken = await Promise.all(
      others.map((address) =>
        probe(port, address).then(
          () => false,
          () => true,
        ),
      ),
    );
    if (!taken.includes(true)) return port;
  }
  throw new Error(`There is no port that is free on all of ${[first, ...others].join(", ")}.`);
}

function probe(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
