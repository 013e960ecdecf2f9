/** Who may sign in, in which role and for which customers; who is invited. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useOpened } from "../../api/opened.ts";
import { useList } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { CopyField } from "../../components/CopyField.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { Empty, ErrorNote, Loading } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { Page } from "../../components/Page.tsx";
import { OpenedPane } from "../../components/OpenedPane.tsx";
import { Beside } from "../../components/Pane.tsx";
import { DataTable } from "../../components/table/DataTable.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { useUserColumns } from "./columns.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import styles from "./people.module.css";
import { userRows, type UserRow } from "./rows.ts";
import { UserPane } from "./UserPane.tsx";

const route = getRouteApi("/app/users");
const keyOf = (row: UserRow) => row.id;

export function UsersPage() {
  const texts = useTexts();
  const maySee = useMay("access:read");
  if (maySee) return <Users />;
  return (
    <Page title={texts.users.title}>
      <Empty title={texts.errors.byCode.FORBIDDEN}>{texts.users.mayNotSee}</Empty>
    </Page>
  );
}

function Users() {
  const texts = useTexts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = useMay("access:write");
  const accounts = useList("listAccounts", {});
  const invitations = useList("listInvitations", {});
  const rows = useMemo(() => userRows(accounts.rows, invitations.rows), [accounts.rows, invitations.rows]);
  const [link, setLink] = useState<ResponseOf<"inviteAccount"> | null>(null);
  const columns = useUserColumns();
  const show = (user: string | undefined) => void navigate({ search: (before) => ({ ...before, user }) });
  const showInvite = (add: boolean) => void navigate({ search: (before) => ({ ...before, add: add ? ("1" as const) : undefined }) });
  const csv = async () => userRows(await accounts.whole(), await invitations.whole());
  const isLoading = accounts.isLoading || invitations.isLoading;
  const listed = rows.find(({ id }) => id === search.user);
  const account = useOpened(
    "getAccount",
    listed?.account ?? undefined,
    search.user && !listed && !isLoading ? { params: { accountId: search.user } } : undefined,
  );
  const error = accounts.error ?? invitations.error;
  /** Without a mail server the link is handed over by hand. */
  const tellSent = (sent: ResponseOf<"inviteAccount">, message: string) => {
    if (sent.link === null) notify({ message });
    else setLink(sent);
  };
  const paneOf = (row: UserRow) => <UserPane key={row.id} row={row} onSent={tellSent} onClose={() => show(undefined)} />;
  const pane = listed
    ? paneOf(listed)
    : account && (
        <OpenedPane label={texts.users.title} opened={account} onClose={() => show(undefined)}>
          {(one) => paneOf(userRows([one], [])[0]!)}
        </OpenedPane>
      );
  return (
    <Page
      title={texts.users.title}
      note={texts.users.lead}
      actions={mayChange && <Button onClick={() => showInvite(true)}>{texts.users.invite}</Button>}
      filling
    >
      {error && rows.length === 0 ? (
        <ErrorNote
          error={error}
          onRetry={() => {
            accounts.retry();
            invitations.retry();
          }}
        />
      ) : isLoading ? (
        <Loading />
      ) : (
        <Beside
          list={
            <DataTable
              id="users"
              label={texts.users.title}
              columns={columns}
              rows={rows}
              rowKey={keyOf}
              question=""
              secondary={(row) => `${texts.roles[row.role].name} · ${row.email}`}
              sort={search.sort}
              onSort={(sort) => void navigate({ search: (before) => ({ ...before, sort }) })}
              onOpen={(row) => show(row.id)}
              openKey={search.user}
              hasMore={accounts.hasMore || invitations.hasMore}
              onMore={() => {
                accounts.loadMore();
                invitations.loadMore();
              }}
              csv={csv}
              empty={<Empty title={texts.users.none}>{texts.users.noneHelp}</Empty>}
            />
          }
          pane={pane}
        />
      )}
      {search.add && mayChange && (
        <InviteDialog
          onClose={() => showInvite(false)}
          onInvited={(sent) => {
            showInvite(false);
            tellSent(sent, texts.users.invited(sent.email));
          }}
        />
      )}
      {link?.link && <LinkDialog email={link.email} link={link.link} onClose={() => setLink(null)} />}
    </Page>
  );
}

/** The link of an invitation that no mail server could bring. */
function LinkDialog({ email, link, onClose }: { email: string; link: string; onClose: () => void }) {
  const texts = useTexts();
  return (
    <Dialog onClose={onClose} title={texts.users.linkTitle(email)} size="lg" closeOnClickOutside={false}>
      <div className={styles["once"]}>
        <p>{texts.users.linkHelp}</p>
        <CopyField label={texts.users.link} value={link} />
        <div className={styles["buttons"]}>
          <Button onClick={onClose}>{texts.enrol.done}</Button>
        </div>
      </div>
    </Dialog>
  );
}
