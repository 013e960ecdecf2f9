/** In a list's head: the views that there are, and what can be done with them. */
import type { SavedView, ViewList } from "@hauswart/protocol/api/views.ts";
import { Button, Menu, Switch, TextInput } from "@mantine/core";
import { Bookmark, Check } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { useTexts } from "../../texts/texts.tsx";
import { Confirm } from "../Confirm.tsx";
import { FormDialog } from "../FormDialog.tsx";
import { useViews, type Views } from "./use-views.ts";
import styles from "./views.module.css";

type Asked = "new" | "edit" | "delete" | null;
const touches = ["listSavedViews"] as const;

export function ViewsMenu({ list }: { list: ViewList }) {
  const texts = useTexts();
  const views = useViews(list);
  const [asked, setAsked] = useState<Asked>(null);
  const { current, isChanged } = views;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={13} aria-hidden />} className={styles["button"]}>
            <span className={styles["name"]}>{current ? current.name : texts.views.title}</span>
            {isChanged && <span className="dimmed">&nbsp;({texts.views.changed})</span>}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles["dropdown"]}>
          <Choices views={views} />
          <Menu.Divider />
          <Actions views={views} onAsk={setAsked} />
        </Menu.Dropdown>
      </Menu>
      {asked === "new" && <ViewDialog views={views} view={null} onClose={() => setAsked(null)} />}
      {asked === "edit" && current && <ViewDialog views={views} view={current} onClose={() => setAsked(null)} />}
      {asked === "delete" && current && <DeleteView views={views} view={current} onClose={() => setAsked(null)} />}
    </>
  );
}

function Choices({ views }: { views: Views }) {
  const texts = useTexts();
  const mark = (isChosen: boolean) => <Check size={13} aria-hidden visibility={isChosen ? "visible" : "hidden"} />;
  return (
    <>
      <Menu.Item leftSection={mark(views.current === null)} onClick={() => views.show(null)}>
        {texts.views.none}
      </Menu.Item>
      {views.all.map((view) => (
        <Menu.Item
          key={view.savedViewId}
          leftSection={mark(view.savedViewId === views.current?.savedViewId)}
          onClick={() => views.show(view)}
        >
          {view.name}
          <span className="dimmed">
            {view.isMine ? view.isShared && ` · ${texts.views.shared}` : ` · ${view.ownerName}`}
            {view.isDefault && ` · ${texts.views.opens}`}
          </span>
        </Menu.Item>
      ))}
    </>
  );
}

function Actions({ views, onAsk }: { views: Views; onAsk: (asked: Asked) => void }) {
  const texts = useTexts();
  const { current, isChanged, now, list } = views;
  const replace = useChange("changeSavedView", { touches, message: ({ name }) => texts.views.replaced(name) });
  const choose = useChange("chooseSavedView", { touches });
  return (
    <>
      {current?.mayChange && isChanged && (
        <Menu.Item onClick={() => replace.mutate({ params: { savedViewId: current.savedViewId }, body: { ...now } })}>
          {texts.views.replace(current.name)}
        </Menu.Item>
      )}
      <Menu.Item onClick={() => onAsk("new")}>{texts.views.saveNew}</Menu.Item>
      {current && (
        <Menu.CheckboxItem
          checked={current.isDefault}
          checkIcon={<Check size={13} aria-hidden />}
          onChange={(isDefault) => choose.mutate({ body: { list, savedViewId: isDefault ? current.savedViewId : null } })}
        >
          {texts.views.opensWith(current.name)}
        </Menu.CheckboxItem>
      )}
      {current?.mayChange && (
        <Menu.Item onClick={() => onAsk("edit")}>
          {current.isMine ? texts.views.edit(current.name) : texts.views.rename(current.name)}
        </Menu.Item>
      )}
      {current?.mayChange && <Menu.Item onClick={() => onAsk("delete")}>{texts.views.remove(current.name)}</Menu.Item>}
    </>
  );
}

/** Keeps what is shown as a new view, or renames and shares one. */
function ViewDialog({ views, view, onClose }: { views: Views; view: SavedView | null; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setIsShared] = useState(view?.isShared ?? false);
  const entered = { name: name.trim(), isShared };
  const changes = useChangedFields(entered);
  const done = { touches, quiet: true, message: (made: SavedView) => texts.views.saved(made.name) };
  const create = useChange("createSavedView", {
    ...done,
    onDone: (made) => {
      views.show(made);
      onClose();
    },
  });
  const change = useChange("changeSavedView", { ...done, onDone: onClose });
  const submit = () => {
    if (view) change.mutate({ params: { savedViewId: view.savedViewId }, body: changes });
    else create.mutate({ body: { list: views.list, ...entered, ...views.now } });
  };
  return (
    <FormDialog
      title={view ? texts.views.editTitle : texts.views.newTitle}
      action={texts.shell.save}
      error={create.error ?? change.error}
      isPending={create.isPending || change.isPending}
      isIncomplete={entered.name === "" || (view !== null && Object.keys(changes).length === 0)}
      onSubmit={submit}
      onClose={onClose}
    >
      {!view && <p className="dimmed">{texts.views.newHelp}</p>}
      <TextInput
        label={texts.views.name}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {(!view || view.isMine) && (
        <Switch
          label={texts.views.share}
          description={texts.views.shareHelp}
          checked={isShared}
          onChange={(event) => setIsShared(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}

function DeleteView({ views, view, onClose }: { views: Views; view: SavedView; onClose: () => void }) {
  const texts = useTexts();
  const remove = useChange("deleteSavedView", {
    touches,
    message: () => texts.views.removed(view.name),
    onDone: () => {
      views.show(null);
      onClose();
    },
  });
  return (
    <Confirm
      title={texts.views.removeTitle(view.name)}
      action={texts.views.removeDo}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ params: { savedViewId: view.savedViewId } })}
      onClose={onClose}
    >
      {view.isShared ? texts.views.removeShared : texts.views.removeOwn}
    </Confirm>
  );
}
