/** Writes the registries; a file is touched only when its text changes. @returns the feature names. */
export function buildRegistries(): string[];
