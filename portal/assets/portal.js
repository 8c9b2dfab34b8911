// Starts the GOV.UK components, and keeps focus and announcements right when htmx replaces part of a page.

import { initAll } from "./govuk-frontend.min.js";

const NEW_SUMMARY = '[data-module="govuk-error-summary"]:not([data-govuk-error-summary-init])';
const NEW_PLACE = "[data-focus]:not([data-focus-done])";
const FIELDS = 'input:not([type="hidden"]), select, textarea, button';

// Started components say so by an error; after a swap most of the page has been started.
function start() {
  initAll({
    onError(error) {
      if (error.name !== "InitError") console.error(error);
    },
  });
}

// A long list of people: typed into instead of scrolled through. Without script it stays a plain list. Fetched only by
// the pages that have one.
const LISTS = "select[data-typeahead]:not([data-typeahead-done])";

async function typeAhead() {
  const lists = [...document.querySelectorAll(LISTS)];
  if (!lists.length) return;
  lists.forEach((list) => list.setAttribute("data-typeahead-done", ""));
  await import("./accessible-autocomplete.min.js");
  lists.forEach(enhance);
}

// Only the pages that ask for a passkey fetch what speaks to one.
async function passkeys() {
  const places = document.querySelectorAll("[data-passkey]");
  if (places.length) (await import("./passkey.js")).passkeys(places);
}

function enhance(list) {
  const described = list.getAttribute("aria-describedby");
  const wrong = list.classList.contains("govuk-select--error");
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value ? list.selectedOptions[0].text : "",
    autoselect: false,
    confirmOnBlur: false,
    showAllValues: true,
    displayMenu: "overlay",
    dropdownArrow: () => "",
    templates: { inputValue: (words) => words || "", suggestion: escaped },
    inputClasses: wrong ? "govuk-input govuk-input--error" : "govuk-input",
    tNoResults: () => list.dataset.none || "Nobody of that name can be asked",
    onConfirm(words) {
      choose(list, words);
    },
  });
  const box = document.getElementById(list.id.replace(/-select$/, ""));
  if (!box) return;
  if (described) box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") || ""} ${described}`.trim());
  // What was typed and is nobody's words is no choice; what is, is one, though nothing was picked from the menu.
  box.addEventListener("input", () => choose(list, box.value));
}

// The menu is written as markup; what people are called is text.
function escaped(words) {
  const text = document.createElement("span");
  text.textContent = words || "";
  return text.innerHTML;
}

function choose(list, words) {
  const meant = [...list.options].find((option) => option.text.trim() === (words || "").trim() && option.value);
  list.value = meant ? meant.value : "";
}

function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) {
    element.setAttribute("tabindex", "-1");
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus();
}

// A form that opened: its first field. Anything else that asked for focus: itself.
function focusOnNewPlace() {
  const place = document.querySelector(NEW_PLACE);
  if (!place) return false;
  place.setAttribute("data-focus-done", "");
  focusOn((place.matches("form") && place.querySelector(FIELDS)) || place);
  return true;
}

// What had focus is gone: its successor by id, else the heading of the replaced part, else the page's.
function keepFocus(lost, target) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const successor = lost && document.getElementById(lost);
  const part = target && (target.isConnected ? target : target.id && document.getElementById(target.id));
  const place = successor || (part && part.querySelector("h1, h2, h3, a[href]")) || document.querySelector("h1");
  if (place) focusOn(place);
}

function say(id, words) {
  const region = document.getElementById(id);
  if (region) region.textContent = words;
}

let hadFocus = "";

document.addEventListener("htmx:before:request", (event) => {
  hadFocus = document.activeElement ? document.activeElement.id : "";
  event.detail.ctx.target?.setAttribute("aria-busy", "true");
  say("problem", "");
});

document.addEventListener("htmx:finally:request", (event) => {
  event.detail.ctx.target?.removeAttribute("aria-busy");
});

document.addEventListener("htmx:after:swap", (event) => {
  const refused = document.querySelector(NEW_SUMMARY);
  typeAhead();
  if (event.detail.ctx.target?.id === "time-out") warnInTime();
  start(); // a new error summary takes focus as it starts
  if (refused || focusOnNewPlace()) return;
  keepFocus(hadFocus, event.detail.ctx.target);
});

// Esc leaves a form that came in place, as its Cancel does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest(".app-in-place")?.querySelector("[data-cancel]")?.click();
});

// Nothing is swapped when the service fails or cannot be reached: what was typed stays, and the page says so.
function sayProblem(event) {
  const status = event.detail.ctx?.response?.status;
  if (status && status < 500) return;
  const region = document.getElementById("problem");
  if (region) say("problem", region.dataset.words);
}

document.addEventListener("htmx:response:error", sayProblem);
document.addEventListener("htmx:error", sayProblem);

// How many are ticked in a list, on the buttons that act on them.
function countSelected(form) {
  const words = form.querySelectorAll("[data-selected]");
  if (!words.length) return;
  const chosen = [...form.elements].filter((each) => each.type === "checkbox" && each.checked).length;
  words.forEach((each) => {
    each.textContent = chosen ? ` (${chosen})` : "";
  });
}

document.addEventListener("change", (event) => {
  if (event.target.form) countSelected(event.target.form);
});

// Who has no script prints by the browser's own menu.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// Some minutes before somebody is signed out they are told again, in the words that stand at the head of the page.
const WARNED_BEFORE = 300;
let warning = 0;

function warnInTime() {
  window.clearTimeout(warning);
  const place = document.getElementById("time-out");
  if (!place) return;
  const wait = Math.max(Number(place.dataset.seconds) - WARNED_BEFORE, 0);
  warning = window.setTimeout(() => {
    place.classList.add("app-time-out--soon");
    place.scrollIntoView({ block: "nearest" });
    // Said aloud as the words of a region change.
    place.querySelector("p").prepend(place.dataset.soon + " ");
  }, wait * 1000);
}

// Back and forward may show a kept page on a shared computer: ask the service again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

document.querySelectorAll(NEW_PLACE).forEach((place) => place.setAttribute("data-focus-done", ""));
start();
typeAhead();
warnInTime();
passkeys();
