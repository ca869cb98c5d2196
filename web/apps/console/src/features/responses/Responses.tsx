import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { PlusIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { LibraryMenu } from "./LibraryMenu.tsx";
import { responsesQuery } from "./queries.ts";
import { type Open, ResponseEditor } from "./ResponseEditor.tsx";
import { ResponseTable } from "./ResponseTable.tsx";
import classes from "./responses.module.css";
import { TryBox } from "./TryBox.tsx";
import { Unanswered } from "./Unanswered.tsx";

const route = getRouteApi("/frame/responses");

/** The response library: what the assistant may say, and what it was asked in vain. */
export function Responses() {
  const { tab = "responses", new: making } = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay("dialogues.manage");
  const responses = useQuery(responsesQuery);
  const [opened, setOpened] = useState<Open | null>(null);
  const open = opened ?? (making ? {} : null);
  const topics = [...new Set(responses.data?.flatMap((response) => response.topics))].sort();
  const close = () => {
    setOpened(null);
    if (making) void navigate({ search: { tab }, replace: true });
  };
  const create = mayEdit ? (
    <Button leftSection={<PlusIcon size={14} />} onClick={() => setOpened({})}>
      New response
    </Button>
  ) : null;
  return (
    <Page
      title="Responses"
      fill
      actions={
        <>
          {create}
          <LibraryMenu mayEdit={mayEdit} />
        </>
      }
    >
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value === "unanswered" ? value : undefined } })}
        className={classes.tabs}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="responses">Responses</Tabs.Tab>
          <Tabs.Tab value="unanswered">Unanswered</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="responses" className={classes.panel}>
          <TryBox />
          <ResponseTable responses={responses} mayEdit={mayEdit} create={create} open={setOpened} />
        </Tabs.Panel>
        <Tabs.Panel value="unanswered" className={classes.panel}>
          <Unanswered mayEdit={mayEdit} answer={(answering) => setOpened({ answering })} />
        </Tabs.Panel>
      </Tabs>
      <ResponseEditor open={open} topics={topics} onClose={close} />
    </Page>
  );
}
