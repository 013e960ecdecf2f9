/** The cards of all features, from the registry that is built from the feature folders. */
import type { FeatureCard } from "./feature.ts";

/** Loads them apart from the rest, while the texts are loading. */
export async function loadCards(): Promise<readonly FeatureCard[]> {
  return (await import("@hauswart/features/registry/console.ts")).default;
}
