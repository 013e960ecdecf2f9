/** How far the installation is from its first alarm mail. Asked until that has left, then never again. */
import type { FirstSteps } from "@hauswart/protocol/api/daily.ts";
import { useQuery } from "@tanstack/react-query";
import { query } from "../api/queries.ts";
import { useAccount } from "./session.ts";

export const stepNames = ["house", "customer", "recipient", "device", "alarm"] as const;
export type StepName = (typeof stepNames)[number];

/** undefined while it is being asked, and for readers whose business it is not. */
export function useFirstSteps(): FirstSteps | undefined {
  const role = useAccount()?.role;
  const { data } = useQuery({
    ...query("getFirstSteps"),
    enabled: role === "owner" || role === "administrator",
    retry: false,
    staleTime: ({ state }) => (state.data?.isDone ? "static" : 5_000),
  });
  return data;
}

/** The first step that is not done; undefined when none is left. */
export const nextStep = (steps: FirstSteps): StepName | undefined => stepNames.find((name) => !steps[name].isDone);

export const doneCount = (steps: FirstSteps): number => stepNames.filter((name) => steps[name].isDone).length;
