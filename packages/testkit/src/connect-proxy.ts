/** A small HTTP proxy for tests: CONNECT only, Basic authentication when asked for, on loopback. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface ConnectProxy {
  readonly port: number;
  /** host:port of each tunnel that was asked for, refused ones too. */
  readonly asked: string[];
  readonly opened: string[];
  stop(): Promise<void>;
}

/**
 * @param options.credentials "user:password" that every tunnel needs.
 * @param options.route where tunnels really lead, for names that do not exist.
 */
export async function startConnectProxy(
  options: { credentials?: string; hostname?: string; route?: (target: string) => { host: string; port: number } | undefined } = {},
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    let head = "";
    const read = (part: Buffer) => {
      head += part.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      client.off("data", read);
      answer(client, head);
    };
    client.on("data", read);
  });
  const answer = (client: Socket, head: string) => {
    const target = /^CONNECT (\S+) HTTP/.exec(head)?.[1];
    if (!target) return void client.end("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    asked.push(target);
    const given = /^proxy-authorization: basic (\S+)/im.exec(head)?.[1];
    if (options.credentials !== undefined && Buffer.from(given ?? "", "base64").toString() !== options.credentials) {
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n',
      );
    }
    const url = new URL(`http://${target}`);
    const { host, port } = options.route?.(target) ?? { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port) };
    const upstream = keep(connect(port, host));
    upstream.on("connect", () => {
      opened.push(target);
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  };
  await new Promise<void>((resolve) => server.listen(0, options.hostname ?? "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    opened,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
