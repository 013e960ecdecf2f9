/** How the console asks: what counts as fresh, what is tried again, and what happens when the session has ended. */
import { ApiError, noAnswer } from "@hauswart/protocol/api/client.ts";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** Whether trying again can help: no answer, or the server asks for a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === noAnswer || error.code === "NOT_READY" || error.status >= 502);
}

interface Listeners {
  /** A call was answered with UNAUTHENTICATED. */
  readonly onSignedOut: () => void;
  /** A call was answered with SECOND_FACTOR_SETUP_REQUIRED: the reader can set one up and nothing else. */
  readonly onFactorMissing: () => void;
}

export function createQueryClient({ onSignedOut, onFactorMissing }: Listeners): QueryClient {
  const onError = (error: unknown) => {
    if (!(error instanceof ApiError)) return;
    if (error.code === "UNAUTHENTICATED") onSignedOut();
    if (error.code === "SECOND_FACTOR_SETUP_REQUIRED") onFactorMissing();
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
