import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { diskEncryption } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof diskEncryption>;
type State = Sample["volumes"][number]["state"];

const stateOf = (state: State | undefined, battery: Sample["battery"], settings: object = {}) =>
  judge({
    sample: { battery, volumes: state ? [{ name: "C:", state, method: "", detail: "" }] : [] },
    settings: diskEncryption.judgement.parse(settings),
    past: { points: () => [] },
    at: 0,
  })[0]!.state;

test.each<[string, State | undefined, Sample["battery"], object, string]>([
  ["an encrypted notebook", "encrypted", "yes", {}, "ok"],
  ["a notebook that is not", "not-encrypted", "yes", {}, "warning"],
  ["a notebook whose key lies open", "suspended", "yes", {}, "warning"],
  ["a notebook on its way", "in-progress", "yes", {}, "unknown"],
  ["a notebook that does not say", "not-told", "yes", {}, "unknown"],
  ["a computer that stays where it is", "not-encrypted", "no", {}, "ok"],
  ["one that does not say, and stays where it is", "not-told", "no", {}, "ok"],
  ["a computer of which nobody knows whether it is carried about", "not-encrypted", "not-told", {}, "unknown"],
  ["the same, encrypted", "encrypted", "not-told", {}, "ok"],
  ["a server that has to be", "not-encrypted", "no", { require: "everywhere" }, "warning"],
  ["nobody minds", "not-encrypted", "yes", { require: "nowhere" }, "ok"],
  ["a volume that is left out", "not-encrypted", "yes", { exclude: ["C:"] }, "ok"],
  ["a notebook that names no volume", undefined, "yes", {}, "unknown"],
  ["a server that names no volume and has to be", undefined, "no", { require: "everywhere" }, "unknown"],
  ["one that names no volume, and stays where it is", undefined, "no", {}, "ok"],
  ["one that names no volume, and nobody minds", undefined, "yes", { require: "nowhere" }, "ok"],
])("%s", (_, state, battery, settings, expected) => {
  expect(stateOf(state, battery, settings)).toBe(expected as never);
});
