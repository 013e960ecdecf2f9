/**
 * What a test needs of the machine it runs on. A test whose need is missing is skipped by name, with the reason in its title,
 * so that the runner can list it and continuous integration can refuse it.
 */
import { test } from "bun:test";

/** Why real Linux computers cannot be run here; undefined when they can. */
export function whyNoMachine(): string | undefined {
  return whyNotRoot() ?? whyNoMounts() ?? whyNoProgram("systemd-nspawn", "debootstrap", "unshare", "nsenter", "setpriv", "flock", "ip");
}

/** Why Windows computers cannot be run here; undefined when they can. */
export function whyNoWindows(): string | undefined {
  if (process.arch !== "x64") return "needs an x64 processor";
  return whyNotRoot() ?? whyNoMounts() ?? whyNoProgram("debootstrap", "chroot", "unshare", "nsenter", "setpriv", "flock");
}

/** Why loop volumes cannot be made here; undefined when they can. */
export function whyNoLoopVolume(): string | undefined {
  return whyNotRoot() ?? whyNoMounts() ?? whyNoProgram("losetup", "mkfs.ext4", "mount", "umount");
}

/**
 * Path of the browser that tests drive: HAUSWART_TEST_CHROMIUM, or what the system calls it. The shell is Chromium without a
 * window to put its pages into; a page of its own costs it a third of what it costs the whole browser.
 */
export function chromiumPath(): string | undefined {
  return (
    process.env["HAUSWART_TEST_CHROMIUM"] ??
    Bun.which("chromium-headless-shell") ??
    Bun.which("chromium") ??
    Bun.which("chromium-browser") ??
    Bun.which("google-chrome") ??
    undefined
  );
}

/** Why browser tests cannot run here; undefined when they can. */
export function whyNoBrowser(): string | undefined {
  return chromiumPath() === undefined ? "needs chromium" : undefined;
}

/** `test`, or a skip of the same name that tells the reason. */
export function testNeeding(missing: string | undefined): (title: string, run: () => void | Promise<unknown>, timeoutMs?: number) => void {
  return (title, run, timeoutMs) => {
    if (missing === undefined) test(title, run, timeoutMs);
    else test.skip(`${title} (skipped: ${missing})`, run);
  };
}

function whyNotRoot(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  return process.getuid?.() === 0 ? undefined : "needs root";
}

/** Root in a container may have no right to mount, and then none of this works. */
function whyNoMounts(): string | undefined {
  const attempt = Bun.spawnSync(["sh", "-c", "unshare --mount mount -t tmpfs tmpfs /mnt"], { stdout: "ignore", stderr: "ignore" });
  return attempt.exitCode === 0 ? undefined : "needs the right to mount";
}

/** Why programs cannot be called here: the first of them that is missing; undefined when all are there. */
export function whyNoProgram(...programs: readonly string[]): string | undefined {
  const missing = programs.find((program) => Bun.which(program) === null);
  return missing === undefined ? undefined : `needs ${missing}`;
}
