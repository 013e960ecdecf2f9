import { expect, test } from "bun:test";
import { createServer } from "node:net";
import { freePort, freeUdpPort } from "./ports.ts";

test("a free port is none that the system gives to somebody else meanwhile, and can be listened at", async () => {
  const ports = [await freePort(), await freeUdpPort("127.0.0.1")];
  for (const port of ports) expect(port >= 20_000 && port < 32_000).toBe(true);
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(ports[0], "127.0.0.1", resolve));
  await new Promise((resolve) => server.close(resolve));
});

test("an address that this computer does not have is an error, and not asked for for ever", async () => {
  await expect(freePort("192.0.2.1")).rejects.toThrow("EADDRNOTAVAIL");
  await expect(freeUdpPort("192.0.2.1")).rejects.toThrow("EADDRNOTAVAIL");
});
