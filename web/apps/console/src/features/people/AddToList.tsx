import { Button, Combobox, useCombobox } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PeopleList } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { listsQuery } from "#lib/api/shared.ts";
import { counted } from "#lib/ui/format.ts";
import { ListIcon, PlusIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

const NEW = "new:";

/** Puts people on a list, or on one made on the spot. */
export function AddToList({ ids, onDone }: { ids: string[]; onDone: () => void }) {
  const queries = useQueryClient();
  const lists = useQuery(listsQuery).data ?? [];
  const [wanted, setWanted] = useState("");
  const box = useCombobox({ onDropdownClose: () => setWanted("") });
  const add = useMutation({
    mutationFn: async (choice: string) => {
      const list = choice.startsWith(NEW)
        ? await api.post<PeopleList>("/lists", { name: choice.slice(NEW.length) })
        : lists.find((one) => one.id === choice);
      await api.post(`/lists/${list?.id}/people`, { person_ids: ids });
      return list?.name ?? "the list";
    },
    onSuccess: (name) => {
      notifyDone(`${counted(ids.length, "person is", "people are")} on ${name}`);
      void queries.invalidateQueries({ queryKey: ["lists"] });
      onDone();
    },
    onError: (error) => notifyProblem("Nobody was added", error),
  });
  const name = wanted.trim();
  const fitting = lists.filter((one) => one.name.toLowerCase().includes(name.toLowerCase()));
  const exact = lists.some((one) => one.name.toLowerCase() === name.toLowerCase());
  return (
    <Combobox
      store={box}
      width={260}
      position="top-start"
      onOptionSubmit={(choice) => {
        box.closeDropdown();
        add.mutate(choice);
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          variant="default"
          leftSection={<ListIcon size={14} />}
          loading={add.isPending}
          onClick={() => box.toggleDropdown()}
          aria-haspopup="listbox"
          aria-expanded={box.dropdownOpened}
        >
          Add to list
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          placeholder="Find a list, or name a new one"
          aria-label="List"
        />
        <Combobox.Options mah={280} style={{ overflowY: "auto" }}>
          {fitting.map((list) => (
            <Combobox.Option key={list.id} value={list.id}>
              <span dir="auto">{list.name}</span>
            </Combobox.Option>
          ))}
          {name !== "" && !exact ? (
            <Combobox.Option value={NEW + name}>
              <PlusIcon size={12} /> New list “{name}”
            </Combobox.Option>
          ) : null}
          {fitting.length === 0 && name === "" ? (
            <Combobox.Empty>There is no list yet: type the name of the first</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
