/** Sends a test message to a recipient and says beside it what the receiver answered. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { useChange } from "../../api/change.ts";
import { notify } from "../../components/notify.tsx";
import { useTexts } from "../../texts/texts.tsx";

export function TestButton({ recipient }: { recipient: ItemOf<"listRecipients"> }) {
  const { routing } = useTexts();
  const test = useChange("testRecipient", {
    touches: ["listRecipients", "listOutbox"],
    onDone: ({ state, status, answer, problem }) => {
      const said = [problem ? routing.problems[problem] : "", status === null ? "" : String(status), answer].filter(Boolean);
      notify({ message: routing.testResult(state, said.join(" ")), failed: state === "refused" });
    },
  });
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={test.isPending}
      aria-label={routing.testOf(recipient.address)}
      onClick={() => test.mutate({ params: { recipientId: recipient.recipientId } })}
    >
      {routing.test}
    </Button>
  );
}
