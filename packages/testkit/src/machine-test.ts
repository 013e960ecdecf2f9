/** Tests that boot computers of their own. */
import { beforeAll } from "bun:test";
import { testNeeding, whyNoMachine } from "./needs.ts";
import { baseImage } from "./nspawn-image.ts";

/** The base and what is added to it; each may take ten minutes where the network is slow. */
const imagesLimitMs = 1_260_000;

/**
 * `test`, or a skip that tells the reason. Where there is no image yet, it is made before the tests of the file and not in the time of the
 * first: that takes minutes.
 * @param packages those that the computers are booted with
 */
export function machineTest(packages: readonly string[] = []): ReturnType<typeof testNeeding> {
  const missing = whyNoMachine();
  if (missing === undefined) beforeAll(async () => void (await baseImage(packages)), imagesLimitMs);
  return testNeeding(missing);
}
