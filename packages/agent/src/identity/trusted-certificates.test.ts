/** In a process of its own, because the runtime reads the well-known certificates once: one of the test's stands among them. */
import { join } from "node:path";
import { expect, test } from "bun:test";
import { testCertificate, writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";

const folder = temporaryFolder("trust");

/** Connects as the link does, and fetches as downloads and enrolling do. */
const source = `
  import { readFileSync } from "node:fs";
  import { trusting } from ${JSON.stringify(join(import.meta.dir, "trusted-certificates.ts"))};
  import { webSocketOpener } from ${JSON.stringify(join(import.meta.dir, "../link/web-socket.ts"))};
  const [own, ...ports] = process.argv.slice(1);
  const certificates = own === "none" ? undefined : readFileSync(own, "utf8");
  for (const port of ports) {
    const open = webSocketOpener({ url: "wss://127.0.0.1:" + port, certificates, proxies: async () => [undefined] });
    const link = await new Promise((resolve) => open({ message: () => resolve("open"), alive() {}, closed: resolve }));
    const fetched = await fetch("https://127.0.0.1:" + port, trusting(certificates)).then((answer) => answer.text(), () => "refused");
    console.log(link === "open" ? "open" : "refused", fetched);
  }
  process.exit(0);`;

test("a house goes from its own authority to a well-known one without its agents, and back; nobody else is believed", async () => {
  const { certificatePath: own } = await writeTestCertificate(folder);
  const pair = { cert: await Bun.file(own).text(), key: await Bun.file(join(folder, "key.pem")).text() };
  const [wellKnown, other] = await Promise.all([testCertificate(), testCertificate()]);
  const wellKnownFile = join(folder, "well-known.pem");
  await Bun.write(wellKnownFile, wellKnown.certificate);
  const servers = [pair, ...[wellKnown, other].map(({ certificate, privateKey }) => ({ cert: certificate, key: privateKey }))].map((tls) =>
    Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls,
      fetch: (request, server) => (server.upgrade(request) ? undefined : new Response("fetched")),
      websocket: { open: (socket) => void socket.send("welcome"), message() {} },
    }),
  );
  try {
    const said = async (file: string) => {
      const words = ["-e", source, file, ...servers.map(({ port }) => String(port))];
      const child = Bun.spawn([process.execPath, ...words], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: wellKnownFile },
        stderr: "pipe",
      });
      const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
      return (stdout || stderr).trim().split("\n");
    };
    expect(await said(own)).toEqual(["open fetched", "open fetched", "refused refused"]);
    expect(await said("none")).toEqual(["refused refused", "open fetched", "refused refused"]);
  } finally {
    for (const server of servers) void server.stop(true);
  }
});
