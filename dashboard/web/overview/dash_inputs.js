/* The two components of dash-bootstrap-components that `/` uses, the list and the field, with
   the same elements and the same behaviour. The package's own bundle carries sixty more and
   weighs 54 kB; this goes into Dash's scripts in its place (web/bundles.py). Python
   declares them as ever: dbc.Select, dbc.Input. */
import { askPersistently } from "./dash_requests.js";

const { React } = window;

/** What Dash gives that is no attribute of an element. */
const NO_ATTRIBUTES = ["setProps", "n_submit", "n_blur", "debounce"];
/** Attributes as Python writes them → as React does.
 * @type {Record<string, string>} */
const SPELLED = { autocomplete: "autoComplete", maxlength: "maxLength" };

/** @param {Record<string, any>} props @returns {Record<string, any>} */
function getAttributes(props) {
  const kept = Object.entries(props).filter(([name]) => !NO_ATTRIBUTES.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [SPELLED[name] || name, value]));
}

/** A native list; while nothing is chosen its placeholder stands there.
 * @param {Record<string, any>} props */
function Select({ options, placeholder, value, ...props }) {
  const choices = options.map((/** @type {Record<string, string>} */ option) =>
    React.createElement("option", { key: option.value, value: option.value }, option.label),
  );
  return React.createElement(
    "select",
    {
      ...getAttributes(props),
      className: "form-select",
      value: value || "",
      onChange: (/** @type {Event & OfElement} */ { target }) =>
        props.setProps({ value: target.value }),
    },
    React.createElement("option", { value: "", disabled: true, hidden: true }, placeholder),
    choices,
  );
}

/** A field that the person owns while typing: only another value is written into it.
 * @param {Record<string, any>} props */
function Input({ value, ...props }) {
  const field = React.useRef(null);
  React.useEffect(() => {
    const wanted = value === undefined || value === null ? "" : value;
    if (field.current.value !== wanted) field.current.value = wanted;
  }, [value]);
  return React.createElement("input", {
    ...getAttributes(props),
    ref: field,
    className: "form-control",
    step: "any",
    onChange: () => props.setProps({ value: field.current.value }),
  });
}

askPersistently();
window.dash_bootstrap_components = { Select, Input };
