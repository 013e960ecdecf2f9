import { describe, expect, test } from "bun:test";
import { whyOffline, type OfflineEvidence, type Witness } from "./why-offline.ts";

const nothing: OfflineEvidence = {
  goodbye: null,
  serverWasAway: false,
  siteIsOffline: false,
  before: null,
  othersConnected: 0,
  othersLost: 0,
  witnesses: [],
};
const witness = (answersPing: boolean | null, resolves: boolean | null): Witness => ({
  deviceName: "PC-2",
  atMs: 0,
  answersPing,
  resolves,
});
const seen = (...witnesses: Witness[]) => ({ witnesses, othersConnected: witnesses.length });

describe("why a device is offline", () => {
  test.each([
    ["it said that it shuts down", { goodbye: "shutdown" as const }, "shut-down certain"],
    ["it said that it goes to sleep, whatever else is silent", { goodbye: "sleep" as const, siteIsOffline: true }, "asleep certain"],
    ["it restarts, or its agent is renewed", { goodbye: "agent-update" as const }, "restarting certain"],
    ["somebody stopped the agent", { goodbye: "agent-stop" as const }, "agent-stopped certain"],
    ["a neighbour gets an answer", seen(witness(true, true)), "agent-dead certain"],
    ["one of two neighbours gets an answer", seen(witness(false, false), witness(true, null)), "agent-dead certain"],
    ["it answers nothing, but its network card does", seen(witness(false, true)), "agent-dead likely"],
    [
      "an answer outweighs what else went silent",
      { ...seen(witness(true, true)), siteIsOffline: true, serverWasAway: true },
      "agent-dead certain",
    ],
    ["a neighbour cannot even resolve its address", seen(witness(false, false)), "computer-gone likely"],
    ["two neighbours cannot", seen(witness(false, false), witness(false, false)), "computer-gone certain"],
    ["a ping without an answer alone: firewalls drop it", seen(witness(false, null)), "computer-gone possible"],
    ["everybody else is there, and nobody could look", { othersConnected: 4 }, "computer-gone possible"],
    ["the whole site went", { siteIsOffline: true, othersLost: 9 }, "site-offline likely"],
    ["its host is silent too", { before: { name: "HV-1", isSilent: true } }, "behind-silent likely"],
    ["its host is there", { before: { name: "HV-1", isSilent: false }, othersConnected: 1 }, "computer-gone possible"],
    ["we were away ourselves", { serverWasAway: true, siteIsOffline: true }, "server-away likely"],
    ["it is alone at its site", {}, "unknown possible"],
    ["two of a few went, and one stayed", { othersConnected: 1, othersLost: 1 }, "unknown possible"],
  ])("%s", (_, evidence, expected) => {
    const { reason, certainty } = whyOffline({ ...nothing, ...evidence });
    expect(`${reason} ${certainty}`).toBe(expected);
  });

  test("what the decision stands on is listed, and contradictions too", () => {
    const { clues } = whyOffline({
      ...nothing,
      siteIsOffline: true,
      othersLost: 3,
      before: { name: "HV-1", isSilent: false },
      ...seen(witness(false, true)),
    });
    expect(clues).toEqual(["resolves", "no-ping", "site-offline", "before-present", "others-lost", "others-connected"]);
    expect(whyOffline(nothing).clues).toEqual(["no-others"]);
  });
});
