// Hands the form over to Usher when it is sent. The flow comes first; the form goes its way when that has ended.
window.usher = window.usher || function () { (usher.q = usher.q || []).push(arguments); };

const form = document.querySelector("#quote");
usher("attachForm", form, {
  choices: [
    {
      criteria: { all: [{ field: "pallets", op: "at_least", values: [1000] }] },
      flow: form.dataset.large,
      ui: "popup",
    },
  ],
  else: form.dataset.small,
  map: { company: "company.name" },
});
