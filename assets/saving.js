/* Gives a file that was made in this browser to the person: names that every file system keeps.
   Sends nothing. */

/** `Quảng Ngãi` → `quang-ngai`. @param {string} name @returns {string} */
export const toPlainName = (name) =>
  name
    .normalize("NFD")
    .toLowerCase()
    .replace(/đ/g, "d")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** @param {Blob} content @param {string} name */
export function saveFile(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
