import type { WindowsCalls } from "@hauswart/agent/os/windows/calls.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { secondsSince, type ReadTimeState, type TimeState } from "./time-state.ts";

const w32time = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time";
/** Of Microsoft-Windows-Time-Service: 35 the clock follows a source, 36 no source has answered for long, 37 a source answers. */
const noSource = 36;
const entriesAboutSources = "*[System[Provider[@Name='Microsoft-Windows-Time-Service'] and (EventID=35 or EventID=36 or EventID=37)]]";

export const readTimeState: ReadTimeState = async (os, nowMs) => {
  const calls = await os.windows();
  const [type, servers, services] = await Promise.all([
    calls.registry.value(`${w32time}\\Parameters`, "Type"),
    calls.registry.value(`${w32time}\\Parameters`, "NtpServer"),
    calls.services.list(),
  ]);
  const service = services.find(({ name }) => name.toLowerCase() === "w32time");
  if (typeof type !== "string")
    throw new OsError("COLLECT_UNREADABLE", "the registry does not tell how Windows sets its clock", "does-not-tell: W32Time");
  if (type.toLowerCase() === "nosync" || !service || service.start === "disabled")
    return { method: "none", synchronised: "no", source: "", sinceSyncSeconds: null };
  const ofDomain = type.toLowerCase() === "nt5ds";
  const { synchronised, atMs } = await byEvents(calls);
  // Outside a domain the service stands still between its weekly looks at the clock. While it stands nobody writes 36, so its last
  // good word only says when the clock was still set.
  const isStill = service.state !== "running" && synchronised === "yes";
  return {
    method: "w32time",
    synchronised,
    source: ofDomain ? "domain" : clip(serverNames(typeof servers === "string" ? servers : ""), textLimit),
    sinceSyncSeconds: isStill ? secondsSince(atMs, nowMs) : null,
  };
};

/** "time.windows.com,0x9 ntp.example.org,0x8": names with flags. */
const serverNames = (servers: string) =>
  servers
    .split(/\s+/)
    .map((server) => server.split(",")[0]!)
    .filter(Boolean)
    .join(", ");

/**
 * The newest entry about time sources, however old: while its service runs Windows writes 36 after a day without an answer, so the
 * last word holds until there is another. None at all says nothing.
 */
async function byEvents(calls: WindowsCalls): Promise<{ synchronised: TimeState["synchronised"]; atMs: number }> {
  try {
    const newest = await calls.events.newest("System", entriesAboutSources);
    if (newest === undefined) return { synchronised: "not-told", atMs: 0 };
    return { synchronised: newest.eventId === noSource ? "no" : "yes", atMs: newest.at };
  } catch (error) {
    if (error instanceof OsError) return { synchronised: "not-told", atMs: 0 };
    throw error;
  }
}
