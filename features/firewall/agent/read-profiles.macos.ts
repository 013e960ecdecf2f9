import { plistNumber, readPropertyList } from "@hauswart/agent/os/macos/plist.ts";
import { ifThere } from "@hauswart/agent/readers/if-there.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { Profile, ReadProfiles } from "./profiles.ts";

/** Until macOS 14. */
const preferences = "/Library/Preferences/com.apple.alf.plist";
/** The firewall's own program; what it prints is not translated (socketfilterfw -h). */
const program = "/usr/libexec/ApplicationFirewall/socketfilterfw";
const common = { name: "system", program: "ALF", onByItself: false, byPolicy: false };

export const readProfiles: ReadProfiles = async (os) => {
  const state = (await byPreferences(os)) ?? (await byProgram(os));
  return [{ ...common, ...state }];
};

type State = Pick<Profile, "state" | "detail">;

/** globalstate: 0 off, 1 on, 2 on and nothing but what the system needs. */
async function byPreferences(os: Os): Promise<State | undefined> {
  // macOS 15 has no such file any more.
  return ifThere(readPropertyList(os, preferences).then((list) => stateOf(plistNumber(list, "globalstate"))));
}

/** "Firewall is enabled. (State = 1)" */
async function byProgram(os: Os): Promise<State> {
  const { stdout } = await os.run(program, ["--getglobalstate"]);
  const state = /State = (\d+)/.exec(stdout)?.[1];
  return (
    stateOf(state === undefined ? undefined : Number(state)) ?? {
      state: "not-told",
      detail: "macOS does not say whether its firewall is on.",
    }
  );
}

function stateOf(state: number | undefined): State | undefined {
  if (state === undefined) return undefined;
  return { state: state === 0 ? "off" : "on", detail: "" };
}
