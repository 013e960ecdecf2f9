import { OsError } from "@hauswart/agent/os/os.ts";
import type { ReadStores } from "./found-certificate.ts";
import { certificatesOf } from "./x509.ts";

const keychain = "/Library/Keychains/System.keychain";
const keychainLimit = 200;

/** The computer's keychain; its private keys are not touched. */
export const readStores: ReadStores = async (os) => {
  const { exitCode, stdout, stderr } = await os.run("security", ["find-certificate", "-a", "-p", keychain]);
  // It says by its exit code that there is none.
  if (exitCode !== 0 && stdout === "" && !stderr.includes("could not be found"))
    throw new OsError("COLLECT_UNREADABLE", `security ended with ${exitCode}: ${stderr.trim().slice(0, 200)}`);
  const certificates = await certificatesOf(new TextEncoder().encode(stdout), keychainLimit);
  return certificates
    .filter(({ isAuthority }) => !isAuthority)
    .map((certificate) => ({
      place: `System.keychain ${certificate.name} ${certificate.fingerprint.slice(0, 8)}`,
      certificate,
      problem: "",
    }));
};
