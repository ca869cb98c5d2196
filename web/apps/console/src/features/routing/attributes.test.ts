import { expect, test } from "vitest";
import { parseAttributes } from "./attributes.ts";

test("attributes are read line by line", () => {
  expect(parseAttributes("person.title = Boss\n\ncompany.size=1=2\n")).toEqual({
    "person.title": "Boss",
    "company.size": "1=2",
  });
  expect(parseAttributes("")).toEqual({});
  for (const wrong of ["Boss", "title = Boss", "= Boss", "person. = x"]) {
    expect(parseAttributes(wrong), wrong).toBeNull();
  }
});
