/**
 * A new e-mail address: confirmed by the link in the mail to it, objected to by the link in the mail to the old one. Opening a link
 * does nothing yet; programs that follow the links of mails must not decide.
 */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client.ts";
import { codeOf } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useFragmentToken } from "./fragment-token.ts";

export function EmailChangePage() {
  const { door } = useTexts();
  const token = useFragmentToken();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => api("confirmEmailChange", { body: { token: token ?? "" } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const isTaken = confirm.error !== null && codeOf(confirm.error) === "CONFLICT";
  return (
    <Doorway title={door.emailTitle} heading={door.emailTitle} lead={token !== undefined && !confirm.isSuccess && door.emailLead}>
      {token === undefined ? (
        <p>{door.tokenMissing}</p>
      ) : confirm.isSuccess ? (
        <DoorNote>{door.emailDone(confirm.data.email)}</DoorNote>
      ) : (
        <div className={styles["fields"]}>
          {isTaken ? (
            <p className={styles["error"]} role="alert">
              {door.emailTaken}
            </p>
          ) : (
            <DoorError error={confirm.error} />
          )}
          <Button size="sm" loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {door.emailConfirm}
          </Button>
        </div>
      )}
      <div className={styles["links"]}>
        <Link to="/account">{door.emailOpen}</Link>
      </div>
    </Doorway>
  );
}

export function EmailObjectionPage() {
  const { door } = useTexts();
  const token = useFragmentToken();
  const object = useMutation({ mutationFn: () => api("objectToEmailChange", { body: { token: token ?? "" } }) });
  return (
    <Doorway
      title={door.objectionTitle}
      heading={door.objectionTitle}
      lead={token !== undefined && !object.isSuccess && door.objectionLead}
    >
      {token === undefined ? (
        <p>{door.tokenMissing}</p>
      ) : object.isSuccess ? (
        <DoorNote>{door.objectionDone(object.data.email)}</DoorNote>
      ) : (
        <div className={styles["fields"]}>
          <DoorError error={object.error} />
          <Button size="sm" loading={object.isPending} onClick={() => object.mutate()}>
            {door.objectionConfirm}
          </Button>
        </div>
      )}
      <div className={styles["links"]}>
        {object.isSuccess && <Link to="/sign-in/forgot">{door.objectionReset}</Link>}
        <Link to="/sign-in">{door.back}</Link>
      </div>
    </Doorway>
  );
}
