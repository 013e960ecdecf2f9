/** Names of what a policy speaks of. */
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { useMemo } from "react";
import { writeSetting } from "../../features/evidence.ts";
import { useSpeech } from "../../texts/texts.tsx";
import type { Assignment, Place } from "./draft.ts";

/** "Kunde Muster GmbH". Names come from the policy as it was loaded and from what was just chosen. */
export function useAssignmentWords(names: ReadonlyMap<string, string>): (assignment: Assignment) => string {
  const { texts } = useSpeech();
  return ({ scope, scopeId }) =>
    scope === "provider"
      ? texts.policies.scopes.provider
      : `${texts.policies.scopes[scope]}: ${scope === "tag" ? scopeId : (names.get(`${scope} ${scopeId}`) ?? scopeId)}`;
}

/** Names of the scopes that a policy is assigned to, by `scope scopeId`. */
export const scopeNames = (policy: Policy): Map<string, string> =>
  new Map(policy.assignments.map(({ scope, scopeId, scopeName }) => [`${scope} ${scopeId}`, scopeName]));

/** A place of a policy in words, and a value at that place. */
export function usePlaceWords(names: ReadonlyMap<string, string>) {
  const { texts, format, checkTexts } = useSpeech();
  const assignmentWords = useAssignmentWords(names);
  return useMemo(() => {
    const common: Record<string, string> = texts.device.commonSettings;
    const place = (place: Place): string => {
      switch (place.kind) {
        case "name":
          return texts.policies.name;
        case "assignment":
          return assignmentWords(place);
        case "check":
          return checkTexts(place.check).name;
        case "common":
          return `${checkTexts(place.check).name}: ${common[place.field]}`;
        case "setting":
          return `${checkTexts(place.check).name}: ${checkTexts(place.check).settingLabel(place.setting)}`;
      }
    };
    const value = (place: Place, value: unknown): string => {
      if (value === undefined) return place.kind === "check" || place.kind === "assignment" ? texts.policies.gone : texts.policies.nothing;
      if (place.kind === "check") return texts.policies.inPolicy;
      if (place.kind === "assignment") return texts.shell.yes;
      if (place.kind === "setting") return checkTexts(place.check).settingValue(place.setting, value);
      return writeSetting(place.kind === "common" ? place.field : "", value, format);
    };
    return { place, value };
  }, [texts, format, checkTexts, assignmentWords]);
}
