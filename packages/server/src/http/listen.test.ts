import { afterEach, expect, test } from "bun:test";
import type { HttpServerOptions } from "./create-http-server.ts";
import { addressesOf, freePort, listen, type Listening } from "./listen.ts";

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((one) => one.stop()))));

const options = (port = 0): HttpServerOptions => ({
  hostname: "127.0.0.1",
  port,
  idleTimeout: 10,
  maxRequestBodySize: 1_000,
  development: false,
  fetch: (request, server) =>
    request.headers.get("upgrade") === "websocket" && server.upgrade(request, { data: undefined as never })
      ? undefined
      : new Response("here"),
  websocket: { message: (socket, message) => void socket.send(message) },
  error: () => new Response(null, { status: 500 }),
});
const started = (host: string, port = 0): Listening => {
  const listening = listen(host, options(port));
  open.push(listening);
  return listening;
};
const answers = (url: string) =>
  fetch(url).then(
    (answer) => answer.text(),
    () => "nobody",
  );
const hasSix = addressesOf("localhost").length === 2;

test("localhost answers under its name and under every loopback address of this computer, with one port", async () => {
  const { port } = started("localhost");
  expect(await Promise.all(["localhost", "127.0.0.1"].map((host) => answers(`http://${host}:${port}`)))).toEqual(["here", "here"]);
  expect(await answers(`http://[::1]:${port}`)).toBe(hasSix ? "here" : "nobody");
});

test("an agent that is told localhost reaches the server, whichever address it tries first", async () => {
  const { port } = started("localhost");
  const socket = new WebSocket(`ws://localhost:${port}`);
  const echo = await new Promise((resolve, reject) => {
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = reject;
  });
  socket.close();
  expect(echo).toBe("hello");
});

test("an address that was asked for is the only one", async () => {
  const { port } = started("127.0.0.1");
  expect([await answers(`http://127.0.0.1:${port}`), await answers(`http://[::1]:${port}`)]).toEqual(["here", "nobody"]);
});

test.skipIf(!hasSix)("when the port is another program's on one of the addresses, none stays open", async () => {
  const port = await freePort("localhost");
  open.push({ stop: () => other.stop(true) });
  const other = Bun.serve({ hostname: "::1", port, fetch: () => new Response("another") });
  expect(() => listen("localhost", options(port))).toThrow();
  expect(await answers(`http://127.0.0.1:${port}`)).toBe("nobody");
});
