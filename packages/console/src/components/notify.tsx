/** Short notices that come and go, with an undo where the world allows it. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";

export interface Notice {
  readonly message: string;
  readonly failed?: boolean;
  readonly undo?: { readonly label: string; readonly run: () => void };
}

/** Shows a notice. @returns a function that takes it away. */
export function notify({ message, failed = false, undo }: Notice): () => void {
  const id = notifications.show({
    color: failed ? "red" : "accent",
    autoClose: failed || undo ? 10_000 : 4_000,
    withBorder: true,
    role: failed ? "alert" : "status",
    message: (
      <span style={{ display: "flex", alignItems: "center", gap: 12 }}>
        <span style={{ flex: 1 }}>{message}</span>
        {undo && (
          <Button
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo.run();
            }}
          >
            {undo.label}
          </Button>
        )}
      </span>
    ),
  });
  return () => void notifications.hide(id);
}
