import type { Book } from "./book.ts";

/** Prints all pages as pictures. `at` tells how far it is. */
export const printBook = async (book: Book, at: (page: number) => void): Promise<void> => {
  const sheets = document.createElement("section");
  sheets.className = "sheets";
  const addresses: string[] = [];
  try {
    for (let page = 1; page <= book.count; page++) {
      at(page);
      const address = URL.createObjectURL(await book.picture(page));
      addresses.push(address);
      const picture = new Image();
      picture.src = address;
      picture.alt = "";
      await picture.decode();
      sheets.append(picture);
    }
    document.body.append(sheets);
    print();
  } finally {
    sheets.remove();
    for (const address of addresses) URL.revokeObjectURL(address);
  }
};
