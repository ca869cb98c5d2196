import { ColorInput, Input, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { COLOR_NAMES, type ColorName, type Colors, type ContrastPair } from "@usher/api";
import { CircleCheckIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { contrastQuery } from "./queries.ts";
import classes from "./sites.module.css";
import type { SiteForm } from "./use-site-form.ts";

const LABELS: Record<ColorName, string> = {
  header: "Header",
  header_text: "Header text",
  background: "Background",
  bot_bubble: "Bot bubble",
  bot_text: "Bot text",
  visitor_bubble: "Visitor bubble",
  visitor_text: "Visitor text",
  button: "Buttons and icon",
  button_text: "Button text",
};
/** What is seen together stands together. */
const ORDER: readonly ColorName[] = [
  "header",
  "header_text",
  "bot_bubble",
  "bot_text",
  "visitor_bubble",
  "visitor_text",
  "button",
  "button_text",
  "background",
];
const HEX = /^#[\da-f]{6}$/i;

interface ColorFieldsProps {
  colors: Colors;
  form: SiteForm;
  onChange: (colors: Colors) => void;
}

/** The colours, with what the contrast of each pair comes to. */
export function ColorFields({ colors, form, onChange }: ColorFieldsProps) {
  const [asked] = useDebouncedValue(colors, 200);
  const complete = COLOR_NAMES.every((name) => HEX.test(asked[name]));
  const pairs = useQuery({
    ...contrastQuery(asked),
    enabled: complete,
    placeholderData: keepPreviousData,
  }).data;
  return (
    <Input.Wrapper label="Colours" labelElement="div">
      <div className={classes.colors}>
        {ORDER.map((name) => (
          <ColorInput
            key={name}
            label={LABELS[name]}
            format="hex"
            size="xs"
            eyeDropperButtonProps={{ "aria-label": `${LABELS[name]}: pick from the screen` }}
            value={colors[name]}
            error={HEX.test(colors[name]) ? form.errors[`style.colors.${name}`] : "Like #1f3a5f"}
            onChange={(value) => onChange({ ...colors, [name]: value.toLowerCase() })}
          />
        ))}
      </div>
      <div role="status">{pairs ? <Contrast pairs={pairs} /> : null}</div>
    </Input.Wrapper>
  );
}

function Contrast({ pairs }: { pairs: ContrastPair[] }) {
  const weak = pairs.filter((pair) => !pair.ok);
  if (weak.length === 0) {
    return (
      <Text size="xs" c="dimmed" className={classes.contrast}>
        <CircleCheckIcon size={14} aria-hidden="true" /> Every text is readable (WCAG AA).
      </Text>
    );
  }
  return weak.map((pair) => (
    <Text key={pair.a + pair.b} size="xs" className={classes.contrast} data-weak>
      <TriangleAlertIcon size={14} aria-hidden="true" />
      <span>
        {LABELS[pair.b]} on {LABELS[pair.a].toLowerCase()}: contrast {pair.ratio.toFixed(1)}, at least 4.5 is
        readable for everybody. Until it is, the widget shows that text in black or white.
      </span>
    </Text>
  ));
}
