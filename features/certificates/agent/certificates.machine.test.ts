import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measuring, osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import { certificates } from "../protocol.ts";
import { judge } from "../server/judge.ts";
import collectors from "./index.ts";

machineTest()(
  "a Debian web server's certificate is found where certbot keeps it, by its link, and judged by the day",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    const measure = measuring(os, collectors[0], certificates.selection.parse({}));
    expect(await measure()).toEqual({ certificateCount: 0, certificates: [] });
    const live = "/etc/letsencrypt/live/host.example.org";
    await machine.mustRun(["mkdir", "-p", live, "/etc/letsencrypt/archive"]);
    await machine.writeFile(
      "/etc/letsencrypt/archive/fullchain1.pem",
      readFileSync(join(import.meta.dir, "../testdata/full-chain.pem"), "utf8"),
    );
    await machine.mustRun(["ln", "-s", "/etc/letsencrypt/archive/fullchain1.pem", `${live}/fullchain.pem`]);
    const sample = await measure();
    expect(sample.certificates).toMatchObject([{ place: `${live}/fullchain.pem`, name: "host.example.org", issuer: "Beispiel Root" }]);
    const stateOn = (day: string) =>
      judge({ sample, settings: certificates.judgement.parse({}), past: { points: () => [] }, at: Date.parse(day) })[0]!.state;
    expect([stateOn("2026-09-01"), stateOn("2026-10-15"), stateOn("2026-10-25"), stateOn("2026-11-22")]).toEqual([
      "ok",
      "warning",
      "failure",
      "failure",
    ]);
  },
  120_000,
);
