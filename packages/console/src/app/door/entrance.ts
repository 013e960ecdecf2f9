/** What happens once somebody is signed in. */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { safeNext } from "../next.ts";
import { sessionQuery } from "../session.ts";

/** @returns a function that forgets that nobody was signed in, and goes to where the reader wanted to. */
export function useEntrance(next: string | undefined): () => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return async () => {
    client.removeQueries({ queryKey: sessionQuery().queryKey });
    await router.navigate({ href: safeNext(next), replace: true });
  };
}
