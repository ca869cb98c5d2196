import { Button, Checkbox, Drawer, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AttributeDef, AttributeType } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { fieldErrors, required, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { nameFrom, TYPE_WORDS } from "./type-words.ts";

interface AttributeFormProps {
  opened: boolean;
  /** The attribute to change; null makes a new one. */
  attribute: AttributeDef | null;
  of: "person" | "company";
  onClose: () => void;
}

interface Values {
  label: string;
  name: string;
  type: AttributeType;
  harmless: boolean;
}

/** The panel for an attribute of one's own. */
export function AttributeForm({ opened, attribute, of, onClose }: AttributeFormProps) {
  const queries = useQueryClient();
  const form = useForm<Values>({
    initialValues: {
      label: attribute?.label ?? "",
      name: attribute?.name ?? "",
      type: attribute?.type ?? "text",
      harmless: attribute?.harmless ?? false,
    },
    validateInputOnBlur: true,
    validate: {
      label: required("Give it a label"),
      name: (name) =>
        /^[a-z][a-z0-9_]{0,39}$/.test(name) ? null : "Begin with a letter; small letters, digits and _ only",
    },
  });
  const close = () => {
    form.reset();
    onClose();
  };
  const save = useMutation({
    mutationFn: (values: Values) => (attribute ? change(attribute, values) : create(of, values)),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: attributesQuery.queryKey });
      notifyDone(attribute ? "The attribute is saved" : "The attribute is made");
      close();
    },
    onError: (error) => {
      form.setErrors(fieldErrors(error));
      notifyProblem(attribute ? "The attribute was not saved" : "The attribute was not made", error);
    },
  });
  const used = (attribute?.used_by.length ?? 0) > 0;
  const submit = form.onSubmit((values) => save.mutate(values));
  useSaveShortcut(() => submit(), opened && !save.isPending);
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      title={
        attribute ? "Attribute" : of === "person" ? "New attribute of people" : "New attribute of companies"
      }
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Label"
            description="What people read"
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("label")}
            onChange={(event) => {
              const label = event.currentTarget.value;
              const follows = attribute === null && form.values.name === nameFrom(form.values.label);
              form.setFieldValue("label", label);
              if (follows) form.setFieldValue("name", nameFrom(label));
            }}
          />
          <TextInput
            label="Name"
            description={
              attribute
                ? "Cannot change: texts and scripts use it"
                : "For texts, scripts and imports; cannot change later"
            }
            readOnly={attribute !== null}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <Select
            label="Type"
            description={
              used
                ? "Cannot change while the attribute is used"
                : "Cannot change while the attribute is used somewhere"
            }
            disabled={used}
            allowDeselect={false}
            data={Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps("type")}
          />
          {attribute ? (
            <Checkbox
              label="Harmless"
              description="May be shown to a visitor who has not proven to be this person"
              {...form.getInputProps("harmless", { type: "checkbox" })}
            />
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {attribute ? "Save" : "Make the attribute"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function create(of: "person" | "company", { label, name, type }: Values) {
  return api.post<AttributeDef>("/attributes", { of, name, label: label.trim(), type });
}

/** Only what changed is sent: a type, even the same one, is refused while the attribute is used. */
function change(attribute: AttributeDef, values: Values) {
  return api.patch<AttributeDef>(`/attributes/${attribute.id}`, {
    label: values.label.trim(),
    harmless: values.harmless,
    type: values.type === attribute.type ? undefined : values.type,
  });
}
