/* Light, dark, or as the system has it: the choice is kept in this browser, and the head of every
   page sets it before anything is painted (web/theme.py). Paper is light. */
import { listen, setAttr } from "./elements.js";
import { emit, on } from "./events.js";

const KEY = "theme";
const night = matchMedia("(prefers-color-scheme: dark)");
const getChoice = () => document.documentElement.dataset.theme || "";

/** Whether the screen is dark now. @returns {boolean} */
export function isDark() {
  return getChoice() ? getChoice() === "dark" : night.matches;
}

function showChoice() {
  for (const menu of document.querySelectorAll("details.theme-menu"))
    /** @type {HTMLElement} */ (menu).hidden = false;
  for (const button of document.querySelectorAll("[data-theme-choice]"))
    setAttr(
      button,
      "aria-pressed",
      String(/** @type {HTMLElement} */ (button).dataset.themeChoice === getChoice()),
    );
}

/** @param {string} choice "light", "dark", or "" */
function choose(choice) {
  setAttr(document.documentElement, "data-theme", choice || null);
  try {
    if (choice) localStorage.setItem(KEY, choice);
    else localStorage.removeItem(KEY);
  } catch (problem) {
    // a browser that keeps nothing: for this page only
  }
  showChoice();
  emit("theme");
}

export function watchTheme() {
  listen("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    choose(button.dataset.themeChoice);
    const menu = button.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  night.addEventListener("change", () => emit("theme"));
  // chosen in another tab
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    setAttr(document.documentElement, "data-theme", event.newValue || null);
    showChoice();
    emit("theme");
  });
  on("mounted", showChoice);
  on("state", showChoice);
}
