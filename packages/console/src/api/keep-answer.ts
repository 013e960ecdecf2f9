/** Which answer may still stand while a new question is under way. */

/** Whom and what a question is about: these of the query beside the path. All else chooses among answers about the same. */
const aboutNames = ["customerId", "deviceId", "field", "subject"] as const;

function aboutOf(request: unknown): string {
  const { params, query = {} } = (request ?? {}) as { params?: unknown; query?: Record<string, unknown> };
  return JSON.stringify([params, ...aboutNames.map((name) => query[name])]);
}

/**
 * While a new question is under way the answer before stays, to be shown greyed: but never where it is about another customer, device or
 * series, whose numbers would stand under the wrong name. For `placeholderData`.
 */
export function keepAnswer(request: unknown) {
  return <Answer>(before: Answer | undefined, asked: { readonly queryKey: readonly unknown[] } | undefined): Answer | undefined =>
    asked && aboutOf(asked.queryKey[1]) === aboutOf(request) ? before : undefined;
}
