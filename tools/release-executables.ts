/**
 * Executables as a release carries them: signed as those in the installers are, because an agent that replaces its own by an unsigned one
 * would no longer be what AppLocker, Windows Defender or a Mac's privacy profile allows.
 */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { sign, type Signing } from "./installers/sign.ts";
import { signAdHoc } from "./macos-signature.ts";

export interface ReleaseExecutable {
  /** The target of the build. */
  readonly target: string;
  /** What was built for it, unsigned or with an ad-hoc signature. */
  readonly program: string;
  /** Where the release wants it. */
  readonly path: string;
}

/** Whose signature an executable has. `ad-hoc` and `none`: nobody's. `not-asked`: its system asks for none. */
export type SignedBy = "certificate" | "apple" | "ad-hoc" | "none" | "not-asked";

const identifier = "hauswart-agent";

/**
 * Puts an executable where the release wants it, signed where that can be done here.
 * @param signing for Windows; undefined leaves it unsigned
 * @param signedFolder where programs for macOS lie under their names in the release, signed by Apple's tools on a Mac
 * @throws MissingProgramError without osslsigncode; Error when what lies there is another program than the one that was built
 */
export async function provideExecutable(
  { target, program, path }: ReleaseExecutable,
  signing: Signing | undefined,
  signedFolder: string | undefined,
): Promise<SignedBy> {
  if (target.startsWith("windows-") && signing) {
    await sign(program, path, signing);
    return "certificate";
  }
  const signed = signedFolder === undefined ? undefined : join(signedFolder, basename(path));
  if (target.startsWith("darwin-") && signed !== undefined && existsSync(signed)) {
    if (!isSameProgram(program, signed)) throw new Error(`${signed} is not the program that was built for ${target}: sign it anew.`);
    copyFileSync(signed, path);
    return "apple";
  }
  copyFileSync(program, path);
  if (target.startsWith("darwin-")) return "ad-hoc";
  return target.startsWith("windows-") ? "none" : "not-asked";
}

/** Whether two programs for macOS differ in their signatures alone. */
function isSameProgram(one: string, other: string): boolean {
  return signAdHoc(readFileSync(one), identifier).equals(signAdHoc(readFileSync(other), identifier));
}
