/** The head: search, customer, what the server has to report, language, look, account. */
import { ActionIcon, Button, Kbd, Menu, Select, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { languages } from "@hauswart/protocol/format.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { Check, CircleUserRound, Menu as MenuIcon, Monitor, Moon, Plus, Search, Sun } from "lucide-react";
import { api } from "../api/client.ts";
import { describeError } from "../components/notes.tsx";
import { notify } from "../components/notify.tsx";
import { useSpeech, useTexts } from "../texts/texts.tsx";
import { useCustomers, useScope } from "./customers.ts";
import styles from "./Head.module.css";
import { ServerNotes } from "./ServerNotes.tsx";
import { useAccount, useMay } from "./session.ts";

export function Head({ onMenu, onPalette }: { onMenu: () => void; onPalette: () => void }) {
  const texts = useTexts();
  const mayEnrol = useMay("devices:write");
  return (
    <header className={styles["head"]}>
      <ActionIcon className={styles["menu"]} onClick={onMenu} aria-label={texts.shell.navigation}>
        <MenuIcon size={17} aria-hidden />
      </ActionIcon>
      <button type="button" className={styles["search"]} onClick={onPalette} aria-keyshortcuts="Control+K">
        <Search size={14} aria-hidden />
        <span>{texts.shell.search}</span>
        <Kbd size="xs" aria-hidden>
          Ctrl K
        </Kbd>
      </button>
      <ScopeSelect />
      <div className={styles["right"]}>
        <ServerNotes />
        {mayEnrol && (
          <Button
            className={styles["enrol"]}
            variant="default"
            leftSection={<Plus size={14} aria-hidden />}
            renderRoot={(props) => <Link to="." search={(before) => ({ ...before, enrol: "1" })} {...props} />}
          >
            {texts.shell.enrol}
          </Button>
        )}
        <LanguageSwitch />
        <LookMenu />
        <AccountMenu />
      </div>
    </header>
  );
}

/** Narrows the console to one customer. */
function ScopeSelect() {
  const texts = useTexts();
  const scope = useScope();
  const customers = useCustomers();
  const navigate = useNavigate();
  return (
    <Select
      className={styles["scope"]}
      aria-label={texts.shell.scope}
      placeholder={texts.shell.allCustomers}
      data={(customers.data ?? []).map(({ customerId, name }) => ({ value: customerId, label: name }))}
      value={scope ?? null}
      onChange={(customer) =>
        void navigate({ to: ".", search: (before) => ({ ...before, customer: customer ?? undefined, site: undefined }) })
      }
      searchable
      clearable
      clearButtonProps={{ "aria-label": texts.shell.allCustomers }}
      limit={100}
      nothingFoundMessage={texts.shell.nothingFound}
    />
  );
}

export function LanguageSwitch() {
  const { language, setLanguage, texts } = useSpeech();
  return (
    <div className={styles["languages"]} role="group" aria-label={texts.shell.language}>
      {languages.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          onClick={() => setLanguage(one)}
          title={texts.shell.languages[one]}
        >
          {one.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

const looks: readonly { scheme: MantineColorScheme; icon: typeof Sun }[] = [
  { scheme: "auto", icon: Monitor },
  { scheme: "light", icon: Sun },
  { scheme: "dark", icon: Moon },
];

export function LookMenu() {
  const texts = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = looks.find(({ scheme }) => scheme === colorScheme)?.icon ?? Monitor;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={texts.shell.look}>
          <Icon size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {looks.map(({ scheme, icon: Look }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Look size={14} aria-hidden />}
            rightSection={scheme === colorScheme ? <Check size={13} aria-hidden /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {texts.shell.looks[scheme]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function AccountMenu() {
  const texts = useTexts();
  const account = useAccount();
  const client = useQueryClient();
  const router = useRouter();
  const signOut = () => {
    api("endSession")
      .then(async () => {
        await router.navigate({ to: "/sign-in" });
        client.clear();
        await router.invalidate();
      })
      .catch((error: unknown) => notify({ message: describeError(error, texts), failed: true }));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={texts.shell.account}>
          <CircleUserRound size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {account?.name}
          <br />
          {account?.email}
        </Menu.Label>
        <Menu.Item renderRoot={(props) => <Link to="/account" {...props} />}>{texts.shell.myAccount}</Menu.Item>
        <Menu.Item onClick={signOut}>{texts.shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
