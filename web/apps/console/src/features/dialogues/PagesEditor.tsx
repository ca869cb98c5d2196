import { Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { PatternVerdict, Targeting } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { CircleCheckIcon, CircleXIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import classes from "./dialogues.module.css";

interface PagesEditorProps {
  pages: Targeting["pages"];
  onChange: (pages: Targeting["pages"], field: string) => void;
}

const written = (patterns: string[]) => patterns.map((one) => one.trim()).filter((one) => one !== "");

/** URL patterns, one a line, and a box to try an address. */
export function PagesEditor({ pages, onChange }: PagesEditorProps) {
  return (
    <Stack gap="md" mt="xs">
      <Patterns
        label="Shown on"
        description="One pattern a line. https://*.example.com is every page of every sub-domain; https://example.com/shop/* is everything below /shop"
        placeholder="https://*.example.com/pricing"
        value={pages.include}
        onChange={(include) => onChange({ ...pages, include }, "include")}
      />
      <Patterns
        label="Never on"
        description="Wins over the above"
        placeholder="https://example.com/legal/*"
        value={pages.exclude}
        onChange={(exclude) => onChange({ ...pages, exclude }, "exclude")}
      />
      <TryAddress pages={pages} />
    </Stack>
  );
}

interface PatternsProps {
  label: string;
  description: string;
  placeholder: string;
  value: string[];
  onChange: (patterns: string[]) => void;
}

function Patterns({ label, description, placeholder, value, onChange }: PatternsProps) {
  return (
    <Textarea
      label={label}
      description={description}
      placeholder={placeholder}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      value={value.join("\n")}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onChange(text === "" ? [] : text.split("\n"));
      }}
      onBlur={() => {
        if (written(value).length !== value.length) onChange(written(value));
      }}
    />
  );
}

function TryAddress({ pages }: { pages: Targeting["pages"] }) {
  const [url, setUrl] = useState("");
  const question = { include: written(pages.include), exclude: written(pages.exclude), url: url.trim() };
  const [asked] = useDebouncedValue(JSON.stringify(question), 250);
  const verdict = useQuery({
    queryKey: ["page-patterns", asked],
    queryFn: ({ signal }) => api.post<PatternVerdict>("/page-patterns/test", JSON.parse(asked), { signal }),
    enabled: (JSON.parse(asked) as typeof question).url !== "",
    retry: false,
  });
  return (
    <div>
      <TextInput
        label="Try an address"
        placeholder="https://example.com/pricing?plan=pro"
        type="url"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <div role="status" className={classes.verdict}>
        {url.trim() === "" ? null : verdict.error ? (
          <Text size="sm" c="var(--mantine-color-error)">
            {sentence(verdict.error)}
          </Text>
        ) : verdict.data ? (
          <Verdict verdict={verdict.data} />
        ) : null}
      </div>
    </div>
  );
}

function Verdict({ verdict }: { verdict: PatternVerdict }) {
  const { matches, decided_by, reason } = verdict;
  const Icon = matches ? CircleCheckIcon : CircleXIcon;
  return (
    <>
      <Icon
        size={16}
        aria-hidden="true"
        className={classes.verdictIcon}
        data-matches={matches || undefined}
      />
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {matches ? "Shown there" : "Not shown there"}
        {reason === "no_inclusion_matches" ? ": no pattern fits." : null}
        {decided_by ? (
          <>
            : decided by <b>{decided_by}</b>
          </>
        ) : null}
      </Text>
    </>
  );
}
