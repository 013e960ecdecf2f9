/** From nothing to a watched device: customer, site, kind, token, command, and then the device itself. */
import { Modal } from "@mantine/core";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { useState } from "react";
import { useTexts } from "../../texts/texts.tsx";
import { Arrival } from "./Arrival.tsx";
import { TokenForm } from "./TokenForm.tsx";

export type Token = ResponseOf<"createEnrolmentToken">;

export default function EnrolDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const [token, setToken] = useState<Token | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.enrol.title}
      size="lg"
      closeOnClickOutside={token === null}
      closeButtonProps={{ "aria-label": texts.shell.close }}
    >
      {token ? (
        <Arrival token={token} onAnother={() => setToken(null)} onClose={onClose} />
      ) : (
        <TokenForm onToken={setToken} onClose={onClose} />
      )}
    </Modal>
  );
}
