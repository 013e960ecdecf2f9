/**
 * What every check has to keep, whatever it watches. Each function answers with the list of what is wrong, in words that say where;
 * `features/conformance.test.ts` runs them over all features.
 */
import { evidenceProblems } from "./conformance/evidence-problems.ts";
import { judgeProblems } from "./conformance/judge-problems.ts";

export { codecProblems } from "./conformance/codec-problems.ts";
export { collectorProblems } from "./conformance/collector-problems.ts";
export { declarationProblems } from "./conformance/declaration-problems.ts";
export { textProblems } from "./conformance/text-problems.ts";
export { evidenceProblems, judgeProblems };
