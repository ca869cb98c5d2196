import { NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { Site, SiteStyle } from "@usher/api";
import { LANGUAGES } from "#lib/ui/languages.ts";
import { AvatarField } from "./AvatarField.tsx";
import { Choice } from "./Choice.tsx";
import { ColorFields } from "./ColorFields.tsx";
import { SoundField } from "./SoundField.tsx";
import classes from "./sites.module.css";
import type { SiteFormControl } from "./use-site-form.ts";
import { WidgetPreview } from "./WidgetPreview.tsx";

interface StyleTabProps {
  site: Site;
  control: SiteFormControl;
  readOnly: boolean;
}

const FONTS = [
  { value: "", label: "The visitor's own" },
  { value: "Georgia, serif", label: "Georgia" },
  { value: "Verdana, sans-serif", label: "Verdana" },
  { value: "Arial, sans-serif", label: "Arial" },
  { value: "Tahoma, sans-serif", label: "Tahoma" },
];

/** How the widget looks and sounds, beside how that will be. */
export function StyleTab({ site, control, readOnly }: StyleTabProps) {
  const { form } = control;
  const style = form.values.style;
  const set = <K extends keyof SiteStyle>(key: K, value: SiteStyle[K]) =>
    form.setFieldValue("style", { ...form.getValues().style, [key]: value });
  const ownFont = style.font !== null && !FONTS.some((one) => one.value === style.font);
  return (
    <div className={classes.split}>
      <fieldset className={classes.form} disabled={readOnly}>
        <legend className={classes.hidden}>Style</legend>
        <Stack gap="lg">
          <TextInput
            label="Name of the bot"
            description="At the top of the panel"
            dir="auto"
            maxLength={60}
            {...form.getInputProps("style.bot_name")}
          />
          <AvatarField site={site} onSaved={control.adoptAvatar} />
          <ColorFields colors={style.colors} form={form} onChange={(colors) => set("colors", colors)} />
          <div className={classes.pair}>
            <Select
              label="Font"
              data={ownFont ? [...FONTS, { value: style.font ?? "", label: style.font ?? "" }] : FONTS}
              value={style.font ?? ""}
              allowDeselect={false}
              onChange={(font) => set("font", font === "" ? null : font)}
            />
            <Select
              label="Language"
              description="Of the widget's own texts"
              data={[{ value: "auto", label: "The visitor's browser" }, ...LANGUAGES]}
              value={style.language}
              allowDeselect={false}
              onChange={(language) => language && set("language", language)}
            />
          </div>
          <Choice
            label="Light or dark"
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "As the visitor's device" },
            ]}
            value={style.theme}
            onChange={(theme) => set("theme", theme as SiteStyle["theme"])}
          />
          <Choice
            label="Corner"
            data={[
              { value: "left", label: "Bottom left" },
              { value: "right", label: "Bottom right" },
            ]}
            value={style.position}
            onChange={(position) => set("position", position as SiteStyle["position"])}
          />
          <div className={classes.pair}>
            <Pixels
              label="Distance from the side"
              value={style.padding.x}
              onChange={(x) => set("padding", { ...style.padding, x })}
            />
            <Pixels
              label="Distance from the bottom"
              value={style.padding.y}
              onChange={(y) => set("padding", { ...style.padding, y })}
            />
          </div>
          <div className={classes.pair}>
            <NumberInput
              label="Response delay"
              description="The bot seems to type for so long"
              suffix=" s"
              min={0}
              max={10}
              step={0.1}
              decimalScale={1}
              value={style.response_delay_ms / 1000}
              error={form.errors["style.response_delay_ms"]}
              onChange={(value) => {
                if (typeof value === "number") set("response_delay_ms", Math.round(value * 1000));
              }}
            />
            <SoundField value={style.sound} onChange={(sound) => set("sound", sound)} />
          </div>
          <Switch
            label="Poke"
            description="The first message stands beside the icon before anybody opens the chat"
            checked={style.poke}
            onChange={(event) => set("poke", event.currentTarget.checked)}
          />
          <Switch
            label="Poke on phones, too"
            checked={style.poke && style.poke_on_mobile}
            disabled={!style.poke}
            onChange={(event) => set("poke_on_mobile", event.currentTarget.checked)}
          />
        </Stack>
      </fieldset>
      <WidgetPreview style={{ ...style, avatar_url: site.style.avatar_url }} />
    </div>
  );
}

function Pixels({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      suffix=" px"
      min={0}
      max={200}
      allowDecimal={false}
      value={value}
      onChange={(typed) => {
        if (typeof typed === "number" && typed >= 0 && typed <= 200) onChange(typed);
      }}
    />
  );
}
