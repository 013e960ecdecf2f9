/** Changes: call a route, tell what came of it, fetch anew what it touched. */
import type { RequestOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "../components/notes.tsx";
import { notify } from "../components/notify.tsx";
import { useTexts } from "../texts/texts.tsx";
import { api } from "./client.ts";

interface Options<Name extends RouteName> {
  /** Routes whose answers the change touches. */
  readonly touches: readonly RouteName[];
  readonly onDone?: (answer: ResponseOf<Name>, request: RequestOf<Name>) => void;
  /** Shown when it is done. */
  readonly message?: (answer: ResponseOf<Name>, request: RequestOf<Name>) => string;
  /** A form shows its errors itself, beside the fields. */
  readonly quiet?: boolean;
}

const call = api as unknown as <Name extends RouteName>(name: Name, request: RequestOf<Name>) => Promise<ResponseOf<Name>>;

export function useChange<Name extends RouteName>(name: Name, { touches, onDone, message, quiet = false }: Options<Name>) {
  const texts = useTexts();
  const client = useQueryClient();
  return useMutation<ResponseOf<Name>, Error, RequestOf<Name>>({
    mutationFn: (request) => call(name, request),
    onSuccess: async (answer, request) => {
      await Promise.all(touches.map((touched) => client.invalidateQueries({ queryKey: [touched] })));
      if (message) notify({ message: message(answer, request) });
      onDone?.(answer, request);
    },
    onError: (error) => {
      if (!quiet) notify({ message: describeError(error, texts), failed: true });
    },
  });
}
