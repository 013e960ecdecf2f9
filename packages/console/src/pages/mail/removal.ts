/** Removing a recipient, with an undo that enters the same one again, where nothing of it is kept from sight. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api } from "../../api/client.ts";
import { describeError } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { useTexts } from "../../texts/texts.tsx";

export function useRecipientRemoval(): (recipient: ItemOf<"listRecipients">) => void {
  const texts = useTexts();
  const client = useQueryClient();
  return useCallback(
    (recipient) => {
      const refresh = () => client.invalidateQueries({ queryKey: ["listRecipients"] });
      const fail = (error: unknown) => notify({ message: describeError(error, texts), failed: true });
      const { recipientId, revision: _, unreachable: __, hasToken, ...again } = recipient;
      const restore = () => void api("createRecipient", { body: again }).then(refresh).catch(fail);
      const isWhole = recipient.channel !== "teams" && !hasToken;
      api("deleteRecipient", { params: { recipientId } })
        .then(refresh)
        .then(() =>
          notify({
            message: texts.recipients.removed(recipient.address),
            ...(isWhole ? { undo: { label: texts.findings.undo, run: restore } } : {}),
          }),
        )
        .catch(fail);
    },
    [client, texts],
  );
}
