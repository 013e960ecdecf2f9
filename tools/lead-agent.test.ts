import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataDirectory } from "@hauswart/agent/state/data-directory.ts";
import { enrolmentFileName, readEnrolment } from "@hauswart/agent/state/enrolment.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { leadAgentTo } from "./lead-agent.ts";

const data = new DataDirectory(join(temporaryFolder("lead-agent"), "agent"));
const identity = {
  server: "http://localhost:8080",
  deviceId: "01938f6e-7d3a-7c4b-8f1e-2a4d5b8e6f10",
  serverPublicKey: Buffer.alloc(32, 7).toString("base64"),
  keyFile: "identity-0123456789abcdef.key",
  enrolledAt: 1_000,
  proxy: "direct",
};

test("the agent follows its server into the network and back, and stays who it is", () => {
  leadAgentTo(data, "https://192.168.1.20:8080", "certificate");
  expect(existsSync(join(data.path, enrolmentFileName))).toBe(false);
  data.ensure();
  data.writeText(enrolmentFileName, JSON.stringify(identity));
  leadAgentTo(data, "https://192.168.1.20:8080", "certificate");
  expect(readEnrolment(data)).toEqual({ ...identity, server: "https://192.168.1.20:8080", certificates: "certificate" });
  leadAgentTo(data, "http://localhost:8080", undefined);
  expect(readEnrolment(data)).toEqual(identity);
});
