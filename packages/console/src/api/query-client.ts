/** How the console asks: what counts as fresh, what is tried again, and what happens when the session has ended. */
import { ApiError, noAnswer } from "@hauswart/protocol/api/client.ts";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** Whether trying again can help: no answer, or the server asks for a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === noAnswer || error.code === "NOT_READY" || error.status >= 502);
}

/** @param onSignedOut called when a call is answered with UNAUTHENTICATED. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.code === "UNAUTHENTICATED") onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && isPassing(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { retry: false },
    },
  });
}
