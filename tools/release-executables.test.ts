import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { NtExecutable } from "resedit";
import { signAdHoc } from "./macos-signature.ts";
import { makeSigning, signerName, verifySignature, whyNoSigning } from "./testing/code-signing.ts";
import { leastMacProgram } from "./testing/mac-program.ts";
import { provideExecutable } from "./release-executables.ts";

const folder = temporaryFolder("executables");
const at = (name: string) => join(folder, name);
testNeeding(whyNoSigning())("for Windows it has the signature that the installers have", async () => {
  writeFileSync(at("agent.exe"), Buffer.from(NtExecutable.createEmpty(false, false).generate()));
  const signing = await makeSigning(folder);
  const executable = { target: "windows-x64", program: at("agent.exe"), path: at("agent-windows-x64") };
  expect(await provideExecutable(executable, signing, undefined)).toBe("certificate");
  expect(await verifySignature(executable.path, signing)).toContain(signerName);
  expect(await provideExecutable(executable, undefined, undefined)).toBe("none");
  expect(readFileSync(executable.path).equals(readFileSync(at("agent.exe")))).toBe(true);
});

test("for macOS one that was signed elsewhere is taken when it is the same program", async () => {
  const executable = { target: "darwin-arm64", program: at("hauswart-agent-darwin-arm64"), path: at("agent-darwin-arm64") };
  const signed = signAdHoc(leastMacProgram(3), "org.hauswart.agent");
  writeFileSync(executable.program, signAdHoc(leastMacProgram(3), "hauswart-agent"));
  mkdirSync(at("signed"));
  expect(await provideExecutable(executable, undefined, at("signed"))).toBe("ad-hoc");
  writeFileSync(at("signed/agent-darwin-arm64"), signed);
  expect(await provideExecutable(executable, undefined, at("signed"))).toBe("apple");
  expect(readFileSync(executable.path).equals(signed)).toBe(true);
  writeFileSync(at("signed/agent-darwin-arm64"), signAdHoc(leastMacProgram(4), "org.hauswart.agent"));
  await expect(provideExecutable(executable, undefined, at("signed"))).rejects.toThrow("sign it anew");
});

test("for Linux none is asked for", async () => {
  writeFileSync(at("agent"), "program");
  expect(await provideExecutable({ target: "linux-x64", program: at("agent"), path: at("agent-linux-x64") }, undefined, undefined)).toBe(
    "not-asked",
  );
});
