/** Whether what a policy says can be said: checks exist, settings fit, nothing is said twice. Pure. */
import type { PolicyAssignment, PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { z } from "zod";
import type { CheckRegistry } from "../services.ts";
import { settingOf, type SettingsProblem } from "./fold-settings.ts";

/** What did not fit, as problem documents name it. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** Errors: INVALID_REQUEST with the path of every field that does not fit. */
export function requireValidPolicy(
  checks: CheckRegistry,
  policy: { checks?: readonly PolicyCheck[]; assignments?: readonly z.infer<typeof PolicyAssignment>[] },
): void {
  const issues = [...checkIssues(checks, policy.checks ?? []), ...assignmentIssues(policy.assignments ?? [])];
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues });
}

/** Issues from problems that only show when the policy meets others on a device. */
export function issuesOf(problems: readonly SettingsProblem[], said: readonly PolicyCheck[]): Issue[] {
  return problems.map(({ check, instance, setting, message }) => {
    const index = said.findIndex((candidate) => candidate.check === check && candidate.instance === instance);
    return { path: `body.checks.${index}.settings${setting === "" ? "" : `.${setting}`}`, message };
  });
}

function checkIssues(checks: CheckRegistry, said: readonly PolicyCheck[]): Issue[] {
  const seen = new Set<string>();
  return said.flatMap((policyCheck, index) => {
    const path = `body.checks.${index}`;
    const key = `${policyCheck.check}\n${policyCheck.instance}`;
    const twice = seen.has(key) ? [{ path, message: "This check instance is named twice." }] : [];
    seen.add(key);
    const definition = checks.get(policyCheck.check)?.definition;
    if (!definition) return [...twice, { path: `${path}.check`, message: "There is no such check." }];
    const hour =
      policyCheck.dailyAtHour !== undefined && policyCheck.everySeconds !== undefined && policyCheck.everySeconds !== 86_400
        ? [{ path: `${path}.dailyAtHour`, message: "An hour belongs to a daily cycle (everySeconds 86400)." }]
        : [];
    const settings = Object.entries(policyCheck.settings).flatMap(([name, value]) => {
      const setting = settingOf(definition, name);
      if (!setting) return [{ path: `${path}.settings.${name}`, message: "The check has no such setting." }];
      const issues = setting.schema.safeParse(value).error?.issues ?? [];
      return issues.map((issue) => ({ path: [path, "settings", name, ...issue.path].join("."), message: issue.message }));
    });
    return [...twice, ...hour, ...settings, ...recoveryIssues(definition, policyCheck.recoverAt ?? {}, `${path}.recoverAt`)];
  });
}

function recoveryIssues(definition: AnyCheck, recoverAt: Readonly<Record<string, unknown>>, path: string): Issue[] {
  return Object.entries(recoverAt).flatMap(([name, value]) => {
    const setting = settingOf(definition, name);
    if (setting?.part !== "judgement") return [{ path: `${path}.${name}`, message: "The check has no such threshold." }];
    return (setting.schema.safeParse(value).error?.issues ?? []).map(({ message }) => ({ path: `${path}.${name}`, message }));
  });
}

function assignmentIssues(assignments: readonly z.infer<typeof PolicyAssignment>[]): Issue[] {
  const seen = new Set<string>();
  return assignments.flatMap(({ scope, scopeId }, index) => {
    const path = `body.assignments.${index}`;
    const key = `${scope}\n${scopeId}`;
    if (seen.has(key)) return [{ path, message: "This assignment is named twice." }];
    seen.add(key);
    if (scope === "provider")
      return scopeId === "" ? [] : [{ path: `${path}.scopeId`, message: "The provider has no id here; leave it empty." }];
    return scopeId.trim() === "" ? [{ path: `${path}.scopeId`, message: "This must not be empty." }] : [];
  });
}
