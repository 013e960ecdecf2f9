/** The files for macOS: a folder from which Apple's own tools make a package (make-pkg.sh), and which installs without one (install.sh). */
import { join } from "node:path";
import { projectRoot } from "../sources.ts";
import type { ArchiveFile } from "./archive.ts";

const packaging = join(projectRoot, "packages/agent/packaging/macos");

/** @param version with the build; a package of macOS takes the release's three numbers */
export function macosFiles(program: string, version: string): ArchiveFile[] {
  const from = (path: string, mode: number, file: string): ArchiveFile => ({ path, mode, content: { file } });
  const own = (path: string, mode: number, name: string) => from(path, mode, join(packaging, name));
  return [
    from("root/usr/local/bin/hauswart-agent", 0o755, program),
    own("root/Library/LaunchDaemons/hauswart-agent.plist", 0o644, "hauswart-agent.plist"),
    own("root/private/etc/newsyslog.d/hauswart-agent.conf", 0o644, "newsyslog.conf"),
    own("scripts/preinstall", 0o755, "preinstall"),
    own("scripts/postinstall", 0o755, "postinstall"),
    own("entitlements.plist", 0o644, "entitlements.plist"),
    own("hauswart-agent.mobileconfig", 0o644, "hauswart-agent.mobileconfig"),
    own("install.sh", 0o755, "install.sh"),
    own("make-pkg.sh", 0o755, "make-pkg.sh"),
    { path: "VERSION", mode: 0o644, content: { text: `${version.replace(/[-+].*$/, "")}\n` } },
    from("LICENSE", 0o644, join(projectRoot, "LICENSE")),
  ];
}
